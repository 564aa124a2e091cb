/// What the directory knows of one sender. Times are nanoseconds since 1970.
package struct SenderRecord: Sendable, Hashable {
    /// Its row.
    package var id: Int64
    /// Its kind or service, as in `publisher.source`.
    package var source: String
    /// Instance id or service id; may be empty.
    package var client: String
    package var kind: SenderKind
    /// What it said of itself in its last admitted call; empty for nothing.
    package var externalURL: String
    package var environment: String
    /// The server's version in one of its events; empty for none.
    package var version: String
    /// Nil for none, and where only calls with keys that are not genuine came.
    package var licence: SenderLicence?
    /// Any call counts, refused ones too.
    package var firstSeenAt: Int64
    package var lastSeenAt: Int64
    /// When its last call was admitted, and how it came in; nil for never.
    package var lastStreamAt: Int64?
    package var lastOrigin: StreamRecord.Origin?
    /// When its last batch was durable; nil for never.
    package var lastEventsAt: Int64?
    /// Admitted calls, and the batches in them.
    package var streams: Int64
    package var batches: Int64
    /// Events, and those of the accepted ones that were recorded before.
    package var accepted: Int64
    package var quarantined: Int64
    package var duplicates: Int64
    /// Refused calls.
    package var refusals: Int64
    /// Nil for none.
    package var lastRefusal: SenderRefusal?
    /// Refused calls by reason, most of them first.
    package var refusalsByReason: [SenderReason] = []
    /// Quarantined events by reason, most of them first.
    package var quarantinedByReason: [SenderReason] = []

    /// The last time it was let in or had a batch recorded; nil for never.
    package var lastActiveAt: Int64? {
        guard let stream = lastStreamAt else { return lastEventsAt }
        return max(stream, lastEventsAt ?? stream)
    }
}
