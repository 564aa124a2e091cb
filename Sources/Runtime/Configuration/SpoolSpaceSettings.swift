/// How much of the disk the spool may take, as it is set for both processes.
package struct SpoolSpaceSettings: Sendable, Hashable {
    /// The key of the quota.
    package static let quotaKey = "GATEWAY_SPOOL_QUOTA_BYTES"
    /// The key of the reserve.
    package static let reserveKey = "GATEWAY_SPOOL_RESERVE_BYTES"

    /// Bytes that all segments may take; nil for a share of the file system.
    package var quotaBytes: Int?
    /// Bytes of the file system that are left free; nil for the standard.
    package var reserveBytes: Int?

    /// Declares and reads the keys.
    package init(_ reader: inout ConfigurationReader) {
        quotaBytes = reader.optionalByteCount(
            Self.quotaKey, in: 2 << 20...1 << 50,
            meaning: "Bytes that the spool's segments may take together; without it, 80 % of the file system.")
        reserveBytes = reader.optionalByteCount(
            Self.reserveKey, in: 0...1 << 50,
            meaning: "Bytes of the file system that ingest leaves free, so that the forwarder can always record and "
                + "remove; without it, 512 MiB or 5 % of the file system, whichever is less.")
    }

    /// The limits on a file system.
    /// - Parameter fileSystemBytes: its size; 0 where it does not tell.
    /// - Throws: when the file system is too small for what is set.
    package func limits(fileSystemBytes: Int64) throws(ConfigurationError) -> SpoolSpaceLimits {
        guard fileSystemBytes > 0 else {
            return SpoolSpaceLimits(quotaBytes: quotaBytes.map(Int64.init) ?? .max, reserveBytes: 0)
        }
        let reserve = reserveBytes.map(Int64.init) ?? min(Self.standardReserveBytes, fileSystemBytes / 20)
        guard reserve < fileSystemBytes else {
            throw ConfigurationError(problems: [
                ConfigurationProblem(
                    code: .contradiction, key: Self.reserveKey,
                    message: "is \(reserve) bytes, and the spool's file system has only \(fileSystemBytes): nothing "
                        + "could ever be recorded; lower it")
            ])
        }
        return SpoolSpaceLimits(
            quotaBytes: quotaBytes.map(Int64.init) ?? fileSystemBytes / 5 * 4, reserveBytes: reserve)
    }

    private static let standardReserveBytes: Int64 = 512 << 20
}
