internal import Store

/// Up to where a spool may grow.
package struct SpoolLimits: Sendable, Hashable {
    /// Bytes that all segments may take; nil for no quota but the file system's end.
    package var quotaBytes: Int64?
    /// Bytes of the file system that are to stay free.
    package var reserveBytes: Int64

    /// Makes limits from their parts.
    package init(quotaBytes: Int64? = nil, reserveBytes: Int64 = 0) {
        self.quotaBytes = quotaBytes
        self.reserveBytes = reserveBytes
    }

    /// Bytes until the first limit is reached; 0 when one is.
    func roomBytes(_ layout: SpoolLayout, bytesOnDisk: Int64) throws(StoreError) -> Int64? {
        let free = try SpoolUsage.measured(layout).freeBytes
        let room = min(
            free.subtractingReportingOverflow(reserveBytes).partialValue, quotaBytes.map { $0 - bytesOnDisk } ?? .max)
        return max(0, room)
    }
}
