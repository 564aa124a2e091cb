/// Where a batch lies in the spool. Later batches compare greater.
package struct BatchAddress: Sendable, Hashable, Comparable {
    /// Its segment's number.
    package let segment: UInt64
    /// Its number in the segment, counted from 1; 0 stands before the first.
    package let batch: Int64

    /// The place before everything.
    package static let start = BatchAddress(segment: 0, batch: 0)

    /// Names a place.
    package init(segment: UInt64, batch: Int64) {
        self.segment = segment
        self.batch = batch
    }

    package static func < (left: BatchAddress, right: BatchAddress) -> Bool {
        (left.segment, left.batch) < (right.segment, right.batch)
    }
}
