/// A segment that every destination has finished and that is still on disk.
package struct RetainedSegment: Sendable, Hashable {
    /// The segment's number.
    package var number: UInt64
    /// When the last destination finished it, in nanoseconds since 1970.
    package var finishedAt: Int64
    /// Bytes that its files take on disk; 0 when they are gone.
    package var bytes: Int64

    /// Makes a description from its parts.
    package init(number: UInt64, finishedAt: Int64, bytes: Int64) {
        self.number = number
        self.finishedAt = finishedAt
        self.bytes = bytes
    }
}
