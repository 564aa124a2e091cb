/// A reason why a process cannot do its work now.
package struct ReadinessProblem: Sendable, Equatable {
    /// The check that fails, stable, for instance `spool` or `draining`.
    package var check: String
    /// What is wrong and what to do.
    package var message: String

    package init(check: String, message: String) {
        self.check = check
        self.message = message
    }
}
