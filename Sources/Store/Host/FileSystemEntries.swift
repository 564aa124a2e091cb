internal import Glibc

/// How many files a file system can have, and how many more.
package struct FileSystemEntries: Sendable, Hashable {
    /// All of them; 0 where there is no fixed number.
    package var total: UInt64
    /// Those that are left for this user.
    package var free: UInt64

    /// Makes it from its parts.
    package init(total: UInt64, free: UInt64) {
        self.total = total
        self.free = free
    }

    /// Asks the file system of a path.
    /// - Throws: `io` when there is nothing at the path.
    package static func measured(_ path: String) throws(StoreError) -> FileSystemEntries {
        let system = try FileSystemStatistics.measured(path)
        return FileSystemEntries(total: UInt64(system.f_files), free: UInt64(system.f_favail))
    }
}
