internal import Glibc

/// Tells one version of a file from another without reading it. Links are followed, because Kubernetes renews secrets by
/// pointing a link elsewhere.
struct FileStamp: Equatable {
    private let device: UInt
    private let inode: UInt
    private let bytes: Int
    private let seconds: Int
    private let nanoseconds: Int

    /// Nil when there is no such file.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        bytes = Int(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
