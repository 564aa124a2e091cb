/// What went wrong in the store: a code to decide on, and a message that names what, where and what to do.
package struct StoreError: Error, Hashable, CustomStringConvertible {
    /// The kinds of failure that callers decide on.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// A stable snake_case name, fit for logs and metrics.
        package let description: String

        /// Another process holds the lock.
        package static let locked = Code(description: "locked")
        /// A directory or file can not be created or written by this user.
        package static let unwritable = Code(description: "unwritable")
        /// The parent directory does not exist, as when a volume is not mounted.
        package static let missingParent = Code(description: "missing_parent")
        /// The file was written by a newer version of this software.
        package static let newerVersion = Code(description: "newer_version")
        /// The file is not what it should be, or its bytes are damaged.
        package static let corrupt = Code(description: "corrupt")
        /// A file that this process writes was removed or replaced under it; the process must end.
        package static let removed = Code(description: "removed")
        /// No space left on the device; nothing was written, later writes may succeed.
        package static let full = Code(description: "full")
        /// The device or file system failed; what was asked is not durable.
        package static let io = Code(description: "io")
        /// The store is shutting down.
        package static let closed = Code(description: "closed")
        /// SQLite refused for a reason that is a defect of this software.
        package static let misuse = Code(description: "misuse")
    }

    /// What kind of failure it is.
    package let code: Code
    /// What failed, where, and what to do about it.
    package let message: String

    /// Makes an error from its parts.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(message) [\(code)]" }
}
