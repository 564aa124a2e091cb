internal import Glibc

/// The few directory calls that the store and file destinations need, with errors that name the path.
package enum Directory {
    /// Creates the last component of `path` when it is missing.
    ///
    /// The parents of an absolute path must exist: creating them would write to the root file system whenever a volume
    /// is not mounted. A relative path (the default, below the working directory) is created whole.
    package static func create(_ path: String) throws(StoreError) {
        if isDirectory(path) { return try requireWritable(path) }
        if !path.hasPrefix("/"), let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            try create(String(path[..<slash]))
        }
        guard mkdir(path, 0o750) != 0, errno != EEXIST else {
            // A new directory is durable only once its parent is.
            return try synchronize(parent(of: path))
        }
        let reason = errno
        if reason == ENOENT {
            throw StoreError(
                .missingParent, "\(path): the parent directory does not exist: is the volume mounted? Create it first")
        }
        if reason == EEXIST, isDirectory(path) { return }
        throw StoreError(.unwritable, "\(path): can not create the directory: \(String(cString: strerror(reason)))")
    }

    /// Makes the directory's entries durable.
    package static func synchronize(_ path: String) throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StoreError(.io, "\(path): can not open the directory: \(String(cString: strerror(errno)))")
        }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw StoreError(.io, "\(path): can not sync the directory: \(String(cString: strerror(errno)))")
        }
    }

    /// The names in the directory, in no order.
    package static func names(_ path: String) throws(StoreError) -> [String] {
        guard let directory = opendir(path) else {
            throw StoreError(.io, "\(path): can not list the directory: \(String(cString: strerror(errno)))")
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Whether the path is a directory.
    static func isDirectory(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    private static func requireWritable(_ path: String) throws(StoreError) {
        guard access(path, W_OK | X_OK) == 0 else {
            throw StoreError(.unwritable, "\(path): the directory is not writable: \(String(cString: strerror(errno)))")
        }
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
