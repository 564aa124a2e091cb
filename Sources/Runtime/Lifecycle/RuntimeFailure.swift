/// Why this room could not do what it was asked to do.
package struct RuntimeFailure: Error, Sendable, Equatable, ExitCodeConvertible, CustomStringConvertible {
    /// The kinds of failure.
    package struct Code: Sendable, Hashable {
        /// Stable name, for tests and logs.
        package let name: String

        /// The address to listen on is taken.
        package static let addressInUse = Code(name: "address_in_use")
        /// The address to listen on cannot be used for another reason.
        package static let cannotListen = Code(name: "cannot_listen")
        /// A file cannot be read.
        package static let unreadable = Code(name: "unreadable")
        /// A file or line is longer than its limit.
        package static let tooLong = Code(name: "too_long")
    }

    /// What kind of failure it is.
    package let code: Code
    /// What failed, where, and what to do about it.
    package let message: String

    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    package var exitCode: ExitCode {
        switch code {
        case .addressInUse, .cannotListen: .unavailable
        default: .ioError
        }
    }

    package var description: String { message }
}
