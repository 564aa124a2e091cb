/// A batch that can not be read back as it was written.
package struct DamagedBatch: Sendable, Hashable {
    /// The segment it lies in.
    package let segment: UInt64
    /// Its number in the segment; 0 for all batches that the seal counts and the file no longer shows.
    package let id: Int64
    /// How many events it held, as far as that can still be read; 0 when it can not.
    package let events: Int64
    /// What is wrong with it.
    package let reason: String

    /// Makes a record from its parts.
    package init(segment: UInt64, id: Int64, events: Int64, reason: String) {
        self.segment = segment
        self.id = id
        self.events = events
        self.reason = reason
    }
}
