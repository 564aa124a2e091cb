internal import Glibc

/// What the kernel tells of a file system.
enum FileSystemStatistics {
    /// Asks the file system of a path.
    /// - Throws: `io` when there is nothing at the path.
    static func measured(_ path: String) throws(StoreError) -> statvfs {
        var system = statvfs()
        guard statvfs(path, &system) == 0 else {
            throw StoreError(.io, "\(path): can not look at the file system: \(String(cString: strerror(errno)))")
        }
        return system
    }
}
