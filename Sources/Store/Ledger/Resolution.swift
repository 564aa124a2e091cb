/// Events of one batch that one destination needs no more.
package struct Resolution: Sendable, Hashable {
    /// The segment of the batch.
    package let segment: UInt64
    /// The batch's number.
    package let batch: Int64
    /// The events, counted from 0; empty for a batch that has none. Of a batch that can not be read, as many as are known
    /// to have been in it.
    package let events: Range<Int>
    /// How many events the batch has; 0 when it can not be read.
    package let batchEvents: Int
    /// Who sent the batch.
    package let client: ClientID
    /// What became of the events.
    package let outcome: Outcome

    /// Makes a resolution from its parts.
    package init(
        segment: UInt64, batch: Int64, events: Range<Int>, batchEvents: Int, client: ClientID = .none,
        outcome: Outcome = .delivered
    ) {
        self.segment = segment
        self.batch = batch
        self.events = events
        self.batchEvents = batchEvents
        self.client = client
        self.outcome = outcome
    }

    /// A batch that can not be read: what of it is not resolved yet is damaged.
    package init(damaged batch: DamagedBatch) {
        // A damaged row may claim any number of events; no batch has more than its index can hold.
        let events = Int(min(max(0, batch.events), Int64(UInt32.max)))
        self.init(segment: batch.segment, batch: batch.id, events: 0..<events, batchEvents: 0, outcome: .damaged)
    }
}
