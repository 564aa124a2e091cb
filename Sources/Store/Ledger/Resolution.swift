/// Events of one batch that one destination needs no more.
package struct Resolution: Sendable, Hashable {
    /// The segment of the batch.
    package let segment: UInt64
    /// The batch's number.
    package let batch: Int64
    /// The events, counted from 0; empty for a batch that has none or can not be read.
    package let events: Range<Int>
    /// How many events the batch has; 0 when it can not be read.
    package let batchEvents: Int

    /// Makes a resolution from its parts.
    package init(segment: UInt64, batch: Int64, events: Range<Int>, batchEvents: Int) {
        self.segment = segment
        self.batch = batch
        self.events = events
        self.batchEvents = batchEvents
    }
}
