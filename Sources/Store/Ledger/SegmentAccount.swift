/// Who sent the events of one segment, and what of it is still to be had.
package struct SegmentAccount: Sendable, Hashable {
    /// Accepted events by client, as the batch rows tell; those of damaged batches without a client, and so are those that
    /// only the seal counts.
    package var accepted: [ClientEvents] = []
    /// Of destinations that were asked about, the events that are not resolved, by client.
    package var waiting: [DestinationID: [ClientEvents]] = [:]

    /// Nothing.
    package init() {}

    /// All accepted events.
    package var events: Int64 { accepted.reduce(0) { $0 &+ $1.events } }
}
