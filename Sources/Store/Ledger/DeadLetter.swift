/// An event that a destination will not take, or that ingest has quarantined, as it is kept.
package struct DeadLetter: Sendable, Hashable {
    /// Where it comes from. The numbers are stored.
    package enum Kind: Int64, Sendable, Hashable, CaseIterable {
        /// A destination refused it.
        case refused = 0
        /// Ingest could not accept it; it is no accepted event.
        case quarantine = 1
    }

    /// What happens to it. The numbers are stored.
    package enum State: Int64, Sendable, Hashable, CaseIterable {
        /// Nothing, until somebody decides.
        case waiting = 0
        /// It is being sent again.
        case replaying = 1
        /// The destination has taken it after all.
        case delivered = 2
        /// An edited copy goes in its place.
        case replaced = 3
    }

    package var id: DeadLetterID
    package var kind: Kind
    package var state: State
    /// The destination's name; empty for an event that is quarantined for all of them.
    package var destination: String
    /// The letter of which this is an edited copy.
    package var original: Int64?
    /// Whether its bytes were edited.
    package var isEdited: Bool
    /// Where the event lay; of a quarantined one, `event` is its row and `batch` 0.
    package var address: EventAddress
    /// The stream that it came with. Its metadata are empty in lists.
    package var stream: StreamRecord
    /// When its batch was received, in nanoseconds since 1970.
    package var receivedAt: Int64
    /// When it became a dead letter, in nanoseconds since 1970.
    package var firstSeenAt: Int64
    /// When it last failed or was delivered, in nanoseconds since 1970.
    package var lastSeenAt: Int64
    /// How often it was tried.
    package var attempts: Int64
    /// Bytes of the event and its metadata.
    package var size: Int64
    package var eventID: [UInt8]
    /// Empty when it is not known.
    package var feature: String
    /// Empty when it is not known.
    package var action: String
    /// The class of reasons.
    package var reason: String
    /// A stable name of the failure.
    package var code: String
    /// The failure, for people.
    package var message: String
    /// The newest failures, oldest first.
    package var history: [AttemptFailure]
    /// The SHA-256 of the bytes in hex; empty for a quarantined event.
    package var digest: String
    /// The event's bytes; empty in lists.
    package var bytes: [UInt8]
}
