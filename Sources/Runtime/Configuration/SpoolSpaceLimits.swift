/// How much of one disk the spool may take.
package struct SpoolSpaceLimits: Sendable, Hashable {
    /// Bytes that all segments may take.
    package var quotaBytes: Int64
    /// Bytes of the file system that are left free.
    package var reserveBytes: Int64

    /// Makes limits from their parts.
    package init(quotaBytes: Int64, reserveBytes: Int64) {
        self.quotaBytes = quotaBytes
        self.reserveBytes = reserveBytes
    }

    /// What must come free, beyond a limit, before the limit no longer counts as reached (bytes): without it the answers
    /// at a limit would change with every batch.
    package var headroomBytes: Int64 { min(quotaBytes / 32, 64 << 20) }

    /// A share of the quota, in bytes.
    package func share(percent: Int) -> Int64 {
        let percent = Int64(max(0, min(100, percent)))
        // In this order, because the quota may be as large as a number can be.
        return quotaBytes / 100 * percent + quotaBytes % 100 * percent / 100
    }
}
