/// The named limits of the segment writer.
package struct SegmentLimits: Sendable, Hashable {
    /// A segment whose batches take this many bytes on disk is sealed.
    package var segmentBytes: Int
    /// A segment that is this old, in nanoseconds, is sealed at the next commit or tick.
    package var segmentAge: Int64
    /// One transaction takes at most this many payload bytes, and always at least one batch.
    package var groupCommitBytes: Int
    /// SQLite's page size in bytes, fixed for the life of a segment.
    package var pageBytes: Int

    /// 256 MiB or 10 minutes a segment, 8 MiB a group commit, 16 KiB pages.
    package static let standard = SegmentLimits(
        segmentBytes: 256 << 20, segmentAge: 600 * 1_000_000_000, groupCommitBytes: 8 << 20, pageBytes: 16 << 10)

    /// Makes limits from their parts.
    package init(segmentBytes: Int, segmentAge: Int64, groupCommitBytes: Int, pageBytes: Int) {
        self.segmentBytes = segmentBytes
        self.segmentAge = segmentAge
        self.groupCommitBytes = groupCommitBytes
        self.pageBytes = pageBytes
    }
}
