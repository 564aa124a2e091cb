package import Runtime

/// What is set for the forwarder about space and age.
package struct RetentionSettings: Sendable, Hashable {
    /// The key of how long delivered segments are kept.
    static let retentionKey = "GATEWAY_RETENTION"
    /// The key of the share of the quota that they may take.
    static let shareKey = "GATEWAY_RETENTION_SHARE"
    /// Retained segments go when all segments take more of the quota than this, in percent.
    static let highWaterPercent = 80

    /// Quota and reserve.
    package var spool: SpoolSpaceSettings
    /// How long delivered segments are kept.
    package var retention: Duration
    /// Most of the quota, in percent, that they may take.
    package var retentionSharePercent: Int
    /// How old an undelivered event may become; nil for any age.
    package var maximumAge: Duration?

    /// Declares and reads the keys.
    package init(_ reader: inout ConfigurationReader) {
        spool = SpoolSpaceSettings(&reader)
        retention = reader.duration(
            Self.retentionKey, default: .seconds(86400), in: .zero...(.seconds(365 * 86400)),
            meaning: "How long delivered segments are kept for a replay, if there is space; 0s removes them at once.")
        retentionSharePercent = reader.integer(
            Self.shareKey, default: 20, in: 0...100, unit: "%",
            meaning: "Most of the quota that delivered segments may take; the oldest go first.")
        maximumAge = reader.optionalDuration(
            "GATEWAY_EVENT_MAXIMUM_AGE", in: .seconds(60)...(.seconds(10 * 365 * 86400)),
            meaning: "Events that could not be delivered for this long are given up and counted as expired; without "
                + "it, never.")
    }

    /// The policy on a file system.
    /// - Parameter fileSystemBytes: its size; 0 where it does not tell.
    /// - Throws: when the file system is too small for what is set.
    func policy(fileSystemBytes: Int64) throws(ConfigurationError) -> RetentionPolicy {
        let limits = try spool.limits(fileSystemBytes: fileSystemBytes)
        return RetentionPolicy(
            retention: Int64(retention / .nanoseconds(1)),
            retainedBytes: limits.share(percent: retentionSharePercent),
            highWaterBytes: limits.share(percent: Self.highWaterPercent),
            // Before ingest refuses at the reserve, and enough for it to end refusing.
            lowWaterFreeBytes: limits.reserveBytes + 2 * limits.headroomBytes)
    }
}
