internal import Runtime

/// The space of a spool as it was last seen, for gauges and probes.
struct SpaceStatus: Sendable, Hashable {
    /// Quota and reserve.
    var limits: SpoolSpaceLimits
    /// Bytes that count towards the quota, with what is under way.
    var usedBytes: Int64
    /// Bytes on disk of delivered segments that are kept for a replay.
    var retainedBytes: Int64
    /// Whether every batch is refused.
    var isRefusing: Bool
    /// When the oldest segment was made that some destination still needs, in nanoseconds since 1970; nil without any.
    var oldestWaitingAt: Int64?
}
