package import Runtime
internal import Store

/// What is set for ingest about space.
package struct SpaceSettings: Sendable, Hashable {
    /// The key of a client's share.
    static let shareKey = "GATEWAY_CLIENT_SHARE"

    /// Quota and reserve.
    package var spool: SpoolSpaceSettings
    /// Most of the quota, in percent, that undelivered batches of one client may take.
    package var clientSharePercent: Int

    /// Declares and reads the keys.
    /// - Parameter segmentBytes: the size of a segment as it is set.
    package init(_ reader: inout ConfigurationReader, segmentBytes: Int) {
        spool = SpoolSpaceSettings(&reader)
        clientSharePercent = reader.integer(
            Self.shareKey, default: 50, in: 1...100, unit: "%",
            meaning: "Most of the quota that undelivered batches of one client may take; beyond, its batches are "
                + "refused and those of other clients are not.")
        guard reader.isSound(SpoolSpaceSettings.quotaKey, "GATEWAY_SEGMENT_BYTES"), let quota = spool.quotaBytes,
            quota / 2 < segmentBytes
        else { return }
        reader.addProblem(
            key: SpoolSpaceSettings.quotaKey,
            message: "is \(quota) bytes, less than two segments of GATEWAY_SEGMENT_BYTES (\(segmentBytes)): one is "
                + "written while another is delivered; raise it, or lower GATEWAY_SEGMENT_BYTES")
    }

    /// The size of a segment on a file system: on one so small that its standard quota has no room for two segments of
    /// the size that is set, they are smaller.
    func segmentBytes(_ limits: SegmentLimits, quotaBytes: Int64) -> Int {
        Int(clamping: max(Self.leastSegmentBytes, min(Int64(limits.segmentBytes), quotaBytes / 2)))
    }

    private static let leastSegmentBytes: Int64 = 1 << 20
}
