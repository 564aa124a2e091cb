internal import Glibc

/// How large a file system is and what is left of it for this process.
package struct FileSystemSpace: Sendable, Hashable {
    /// Bytes that this process may still use; `Int64.max` where the file system does not tell its size.
    package var freeBytes: Int64
    /// Bytes of the whole file system; 0 where it does not tell.
    package var totalBytes: Int64

    /// Makes it from its parts.
    package init(freeBytes: Int64, totalBytes: Int64) {
        self.freeBytes = freeBytes
        self.totalBytes = totalBytes
    }

    /// Asks the file system of a path.
    /// - Throws: `io` when there is nothing at the path.
    package static func measured(_ path: String) throws(StoreError) -> FileSystemSpace {
        let system = try FileSystemStatistics.measured(path)
        // Some network and FUSE file systems say 0 of everything: that is no full disk.
        guard system.f_blocks > 0 else { return FileSystemSpace(freeBytes: .max, totalBytes: 0) }
        return FileSystemSpace(
            freeBytes: bytes(system.f_bavail, system.f_frsize), totalBytes: bytes(system.f_blocks, system.f_frsize))
    }

    private static func bytes(_ blocks: fsblkcnt_t, _ size: UInt) -> Int64 {
        let (bytes, isBeyond) = UInt64(blocks).multipliedReportingOverflow(by: UInt64(size))
        return isBeyond ? .max : Int64(clamping: bytes)
    }
}
