/// How far one destination is in one segment.
package struct SegmentProgress: Sendable, Hashable {
    /// Every batch up to this one is resolved; 0 for none.
    package private(set) var throughBatch: Int64
    /// Batches beyond `throughBatch` that are resolved in part or out of order.
    package private(set) var partial: [Int64: BatchProgress] = [:]
    /// Events delivered so far.
    package private(set) var deliveredEvents: Int64
    /// Whether the destination has resolved the whole segment.
    package var isFinished: Bool

    /// Starts after a batch.
    package init(throughBatch: Int64 = 0, deliveredEvents: Int64 = 0, isFinished: Bool = false) {
        self.throughBatch = throughBatch
        self.deliveredEvents = deliveredEvents
        self.isFinished = isFinished
    }

    /// The events of a batch that this destination still needs.
    package func remaining(batch: Int64, total: Int) -> [Range<Int>] {
        if batch <= throughBatch { return [] }
        return partial[batch]?.remaining ?? (total > 0 ? [0..<total] : [])
    }

    /// Whether a batch needs nothing more.
    package func isResolved(batch: Int64) -> Bool {
        batch <= throughBatch || partial[batch]?.isComplete == true
    }

    /// Marks events as resolved, and moves on over every batch that this completes.
    /// - Parameters:
    ///   - events: counted from 0; empty for a batch that has none.
    ///   - total: how many events the batch has; 0 resolves it whole, also when a part of it was known before.
    ///   - delivered: false for events that are resolved without having been delivered.
    /// - Returns: how many events are newly resolved.
    package mutating func resolve(batch: Int64, events: Range<Int>, total: Int, delivered: Bool = true) -> Int {
        guard batch > throughBatch else { return 0 }
        // A batch that can not be read (any more) is over, whatever part of it was delivered before.
        if total == 0 { partial[batch] = BatchProgress(total: 0) }
        let count = partial[batch, default: BatchProgress(total: total)].resolve(events)
        if delivered { deliveredEvents += Int64(count) }
        while partial[throughBatch + 1]?.isComplete == true {
            throughBatch += 1
            partial[throughBatch] = nil
        }
        return count
    }

    mutating func restore(batch: Int64, events: Range<Int>, total: Int) {
        _ = resolve(batch: batch, events: events, total: total, delivered: false)
    }
}
