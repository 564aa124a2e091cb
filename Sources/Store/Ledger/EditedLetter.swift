/// An event to be sent in the place of a dead letter.
package struct EditedLetter: Sendable, Hashable {
    /// The letter that was edited; it stays, linked.
    package var id: DeadLetterID
    /// The new bytes.
    package var bytes: [UInt8]
    /// Their SHA-256 in hex.
    package var digest: String

    /// Makes an edited letter from its parts.
    package init(id: DeadLetterID, bytes: [UInt8], digest: String) {
        self.id = id
        self.bytes = bytes
        self.digest = digest
    }
}
