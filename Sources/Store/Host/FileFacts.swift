internal import Glibc

/// What the file system says about a file or directory for this user.
package struct FileFacts: Sendable, Hashable {
    /// Whether there is something at the path that can be looked at; the error number otherwise.
    package var errorNumber: Int32
    /// Whether it is a directory.
    package var isDirectory: Bool
    /// The permission bits.
    package var mode: UInt32
    /// The number of its owner.
    package var owner: UInt32
    /// Whether this process may read it.
    package var isReadable: Bool
    /// Whether this process may write it, and, for a directory, make files in it.
    package var isWritable: Bool
    /// When its content last changed, in nanoseconds since 1970.
    package var modifiedAt: Int64

    /// Makes facts from their parts.
    package init(
        errorNumber: Int32 = 0, isDirectory: Bool = false, mode: UInt32 = 0o600, owner: UInt32 = 0,
        isReadable: Bool = true, isWritable: Bool = true, modifiedAt: Int64 = 0
    ) {
        self.errorNumber = errorNumber
        self.isDirectory = isDirectory
        self.mode = mode
        self.owner = owner
        self.isReadable = isReadable
        self.isWritable = isWritable
        self.modifiedAt = modifiedAt
    }

    /// Looks at a path; links are followed.
    package init(path: String) {
        self.init()
        var information = stat()
        guard stat(path, &information) == 0 else {
            errorNumber = errno
            return
        }
        isDirectory = information.st_mode & S_IFMT == S_IFDIR
        mode = UInt32(information.st_mode & 0o7777)
        owner = UInt32(information.st_uid)
        isReadable = access(path, R_OK | (isDirectory ? X_OK : 0)) == 0
        isWritable = access(path, W_OK | (isDirectory ? X_OK : 0)) == 0
        modifiedAt = Int64(information.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(information.st_mtim.tv_nsec)
    }
}
