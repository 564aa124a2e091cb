/// Where an event lies in the spool.
package struct EventAddress: Sendable, Hashable, Comparable {
    /// The segment's number.
    package let segment: UInt64
    /// The batch's number in the segment.
    package let batch: Int64
    /// The event in the batch, counted from 0.
    package let event: Int

    /// Makes an address from its parts.
    package init(segment: UInt64, batch: Int64, event: Int) {
        self.segment = segment
        self.batch = batch
        self.event = event
    }

    package static func < (left: EventAddress, right: EventAddress) -> Bool {
        (left.segment, left.batch, left.event) < (right.segment, right.batch, right.event)
    }
}
