/// One thing that is wrong with the configuration, worded for the operator who must correct it.
package struct ConfigurationProblem: Sendable, Equatable, CustomStringConvertible {
    /// The kinds of problem.
    package struct Code: Sendable, Hashable {
        /// Stable name, for tests and logs.
        package let name: String

        /// A value that is not of the key's type or is outside its range.
        package static let malformedValue = Code(name: "malformed_value")
        /// A required key without a value.
        package static let missingValue = Code(name: "missing_value")
        /// A name that no process of this project reads.
        package static let unknownKey = Code(name: "unknown_key")
        /// Values that contradict each other.
        package static let contradiction = Code(name: "contradiction")
        /// The configuration file cannot be read or is neither `KEY=VALUE` lines nor one flat JSON object.
        package static let unreadableFile = Code(name: "unreadable_file")
    }

    /// What kind of problem it is.
    package var code: Code
    /// The key, or nil when the problem is the file itself.
    package var key: String?
    /// What is wrong, where, and what to do about it; without the key's name.
    package var message: String

    package init(code: Code, key: String?, message: String) {
        self.code = code
        self.key = key
        self.message = message
    }

    package var description: String {
        guard let key else { return message }
        return "\(key): \(message)"
    }
}
