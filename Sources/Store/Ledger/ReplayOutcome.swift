/// What became of a dead letter that was sent again.
package struct ReplayOutcome: Sendable, Hashable {
    /// The dead letter's number.
    package var letter: Int64
    /// Why it failed again; nil when it is delivered.
    package var failure: AttemptFailure?

    /// Makes an outcome from its parts.
    package init(letter: Int64, failure: AttemptFailure? = nil) {
        self.letter = letter
        self.failure = failure
    }
}
