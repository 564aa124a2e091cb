/// The next piece of the spool after a position.
package struct SpoolPage: Sendable {
    /// What follows the page.
    package enum End: Sendable, Hashable {
        /// More batches of the same segment.
        case more
        /// Nothing yet; the segment may still grow.
        case caughtUp
        /// The segment has no batch after these and never will; its totals when it was sealed.
        case segmentFinished(SegmentTotals?)
    }

    /// The segment that the page is from; nil when the spool is empty.
    package var segment: UInt64?
    /// Whole batches, oldest first.
    package var batches: [StoredBatch] = []
    /// Batches in between that can not be read.
    package var damaged: [DamagedBatch] = []
    /// What follows.
    package var end: End
    /// The position after this page.
    package var position: SpoolPosition
}
