/// A destination cannot be used as configured. Startup ends with it (exit 78).
package struct DestinationConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Stable reason.
    package struct Code: RawRepresentable, Sendable, Hashable {
        /// The name.
        package let rawValue: String

        /// Any other name.
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The text is not an address that this forwarder knows.
        package static let malformedAddress = Code(rawValue: "malformed_address")
        /// The directory or its parent is missing or not writable.
        package static let unusableDirectory = Code(rawValue: "unusable_directory")
        /// Another process delivers into the same directory.
        package static let locked = Code(rawValue: "locked")
        /// The credentials that are configured can not be used.
        package static let unusableCredentials = Code(rawValue: "unusable_credentials")
        /// The library or the operating system refused something at startup.
        package static let startup = Code(rawValue: "startup")
    }

    /// The reason.
    package let code: Code
    /// What is wrong, where, and what to do.
    package let message: String

    /// Makes an error.
    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The message alone: it says everything.
    package var description: String { message }
}
