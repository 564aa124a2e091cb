/// What a segment holds, as its writer counted it.
package struct SegmentTotals: Sendable, Hashable {
    /// Batch rows.
    package var batches: Int64 = 0
    /// Accepted events.
    package var events: Int64 = 0
    /// Quarantined events.
    package var quarantined: Int64 = 0
    /// Payload bytes of all batches.
    package var payloadBytes: Int64 = 0

    /// Makes totals from their parts.
    package init(batches: Int64 = 0, events: Int64 = 0, quarantined: Int64 = 0, payloadBytes: Int64 = 0) {
        self.batches = batches
        self.events = events
        self.quarantined = quarantined
        self.payloadBytes = payloadBytes
    }

    mutating func add(_ batch: BatchRecord) {
        batches += 1
        events += Int64(batch.eventCount)
        quarantined += Int64(batch.quarantined.count)
        payloadBytes += Int64(batch.payload.count)
    }
}
