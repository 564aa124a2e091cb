/// An event that a destination will never take, on its way into the ledger.
package struct NewDeadLetter: Sendable, Hashable {
    /// Where the event lies.
    package var address: EventAddress
    /// Who sent it.
    package var client: ClientID
    /// The stream that it came with.
    package var stream: StreamRecord
    /// When its batch was received, in nanoseconds since 1970.
    package var receivedAt: Int64
    /// The event's id.
    package var eventID: [UInt8]
    package var feature: String
    package var action: String
    /// The class of reasons: `refused`, `oversized`, `unrenderable`, `attributes`.
    package var reason: String
    /// A stable name of the failure.
    package var code: String
    /// The failure, for people.
    package var message: String
    /// How often it was tried.
    package var attempts: Int
    /// The newest failures, oldest first; at most 20 are kept.
    package var history: [AttemptFailure]
    /// The SHA-256 of `bytes` in hex.
    package var digest: String
    /// The event's bytes as received.
    package var bytes: [UInt8]

    /// Makes a dead letter from its parts.
    package init(
        address: EventAddress, client: ClientID, stream: StreamRecord, receivedAt: Int64, eventID: [UInt8],
        feature: String, action: String, reason: String, code: String, message: String, attempts: Int = 1,
        history: [AttemptFailure] = [], digest: String, bytes: [UInt8]
    ) {
        self.address = address
        self.client = client
        self.stream = stream
        self.receivedAt = receivedAt
        self.eventID = eventID
        self.feature = feature
        self.action = action
        self.reason = reason
        self.code = code
        self.message = message
        self.attempts = attempts
        self.history = history
        self.digest = digest
        self.bytes = bytes
    }

    /// What it counts against the bound in bytes.
    package var size: Int64 { Int64(bytes.count + stream.metadata.count) }
}
