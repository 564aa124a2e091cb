/// A place in the spool: after `batch` of `segment`. Positions order as the batches were committed.
package struct SpoolPosition: Sendable, Hashable, Comparable {
    /// The segment's number.
    package var segment: UInt64
    /// The last batch before the place; 0 for the segment's start.
    package var batch: Int64

    /// The start of the whole spool.
    package static let start = SpoolPosition(segment: 0, batch: 0)

    /// Makes a position from its parts.
    package init(segment: UInt64, batch: Int64) {
        self.segment = segment
        self.batch = batch
    }

    package static func < (left: SpoolPosition, right: SpoolPosition) -> Bool {
        (left.segment, left.batch) < (right.segment, right.batch)
    }
}
