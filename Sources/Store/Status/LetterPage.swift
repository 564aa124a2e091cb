/// Some of the dead letters and quarantined events that are meant, the newest first.
package struct LetterPage: Sendable, Hashable {
    /// Without bytes and metadata.
    package var letters: [DeadLetter]
    /// Where the next page begins: those before this one; nil when there are no more.
    package var next: DeadLetterID?

    /// Makes a page from its parts.
    package init(letters: [DeadLetter] = [], next: DeadLetterID? = nil) {
        self.letters = letters
        self.next = next
    }
}
