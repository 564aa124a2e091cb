/// What one group commit made durable.
package struct GroupCommit: Sendable, Hashable {
    /// Batches whose tickets succeeded, those included that had nothing left to be stored.
    package var batches: Int
    /// Events stored.
    package var events: Int
    /// Events left out because they were recorded before.
    package var duplicates: Int
    /// Quarantined events stored.
    package var quarantined: Int
    /// Payload bytes of all its batches, as they were received.
    package var payloadBytes: Int
    /// Nanoseconds from the first look at the group to the return of `COMMIT`.
    package var nanoseconds: Int64

    /// Makes it from its parts.
    package init(
        batches: Int, events: Int, duplicates: Int, quarantined: Int, payloadBytes: Int, nanoseconds: Int64
    ) {
        self.batches = batches
        self.events = events
        self.duplicates = duplicates
        self.quarantined = quarantined
        self.payloadBytes = payloadBytes
        self.nanoseconds = nanoseconds
    }
}
