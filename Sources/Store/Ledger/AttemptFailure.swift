/// One failed try to deliver an event.
package struct AttemptFailure: Sendable, Hashable {
    /// When, in nanoseconds since 1970.
    package let at: Int64
    /// A stable snake_case name.
    package let code: String
    /// The reason, for people.
    package let message: String

    /// Makes a failure from its parts.
    package init(at: Int64, code: String, message: String) {
        self.at = at
        self.code = code
        self.message = message
    }
}
