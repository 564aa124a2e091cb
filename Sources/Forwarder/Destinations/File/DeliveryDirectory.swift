internal import Glibc
internal import Synchronization

/// The directory of a `FileDestination`: made, locked and repaired at start.
final class DeliveryDirectory: Sendable {
    /// Holds the lock; also tells people which process it is.
    static let lockName = ".forwarder.lock"

    let path: String
    private let lock: Mutex<Int32?>

    /// Makes the directory when it is missing and takes its lock.
    ///
    /// The parents of an absolute path must exist: making them would fill the root file system whenever a volume is not
    /// mounted. A relative path is made whole.
    init(path: String) throws(DestinationConfigurationError) {
        try Self.make(path)
        self.path = path
        lock = Mutex(try Self.takeLock("\(path)/\(Self.lockName)"))
    }

    deinit { unlock() }

    /// Lets others deliver into the directory.
    func unlock() {
        lock.withLock { lock in
            if let lock { close(lock) }
            lock = nil
        }
    }

    /// Makes the directory's entries durable; 0, or -1 with the reason in `errno`.
    func synchronize() -> Int32 {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return -1 }
        let result = fsync(directory)
        let reason = errno
        close(directory)
        errno = reason
        return result
    }

    /// Completes what a crashed process left: cuts a torn last line, then gives the file its final name. A file without
    /// a whole line is removed.
    func repair() throws(DestinationConfigurationError) -> [FileDestinationEvent] {
        var events: [FileDestinationEvent] = []
        let parts = try names().filter {
            $0.hasPrefix(DeliveryFileName.prefix) && $0.hasSuffix(DeliveryFileName.partSuffix)
        }
        for part in parts.sorted() {
            if let event = try repairPart("\(path)/\(part)") { events.append(event) }
        }
        if !parts.isEmpty, synchronize() != 0 { throw Self.unusable(path, "cannot be synced", errno) }
        return events
    }

    private func repairPart(_ part: String) throws(DestinationConfigurationError) -> FileDestinationEvent? {
        let final = String(part.dropLast(DeliveryFileName.partSuffix.utf8.count)) + DeliveryFileName.finishedSuffix
        let file = open(part, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw Self.unusable(part, "cannot be opened for repair", errno) }
        defer { close(file) }
        let size = lseek(file, 0, SEEK_END)
        guard size >= 0, let whole = Self.wholeLines(file, size: size) else {
            throw Self.unusable(part, "cannot be read for repair", errno)
        }
        guard whole > 0 else {
            guard unlink(part) == 0 else { throw Self.unusable(part, "cannot be removed", errno) }
            return nil
        }
        guard access(final, F_OK) != 0 else { throw Self.unusable(part, "cannot get its final name", EEXIST) }
        guard ftruncate(file, whole) == 0, fsync(file) == 0, rename(part, final) == 0 else {
            throw Self.unusable(part, "cannot be repaired", errno)
        }
        return .repaired(path: final, bytes: whole, cutBytes: size - whole)
    }

    /// Bytes up to and including the last line feed; nil when reading fails.
    private static func wholeLines(_ file: Int32, size: Int) -> Int? {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        var end = size
        while end > 0 {
            let start = max(0, end - chunk.count)
            guard pread(file, &chunk, end - start, start) == end - start else { return nil }
            if let newline = chunk[..<(end - start)].lastIndex(of: UInt8(ascii: "\n")) { return start + newline + 1 }
            end = start
        }
        return 0
    }

    private func names() throws(DestinationConfigurationError) -> [String] {
        guard let directory = opendir(path) else { throw Self.unusable(path, "cannot be listed", errno) }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let capacity = MemoryLayout.size(ofValue: entry.pointee.d_name)
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: capacity) { String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    private static func make(_ path: String) throws(DestinationConfigurationError) {
        if isDirectory(path) {
            guard access(path, W_OK | X_OK) == 0 else { throw unusable(path, "is not writable", errno) }
            return
        }
        if !path.hasPrefix("/"), let slash = path.lastIndex(of: "/") {
            try make(String(path[..<slash]))
        }
        guard mkdir(path, 0o750) != 0 else { return }
        let reason = errno
        if reason == EEXIST, isDirectory(path) { return }
        guard reason != ENOENT else {
            throw DestinationConfigurationError(
                code: .unusableDirectory,
                message: "\(path): the parent directory does not exist: is the volume mounted? Create it first")
        }
        throw unusable(path, "cannot be made", reason)
    }

    private static func isDirectory(_ path: String) -> Bool {
        access(path + "/", F_OK) == 0
    }

    private static func takeLock(_ path: String) throws(DestinationConfigurationError) -> Int32 {
        let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard file >= 0 else { throw unusable(path, "cannot be opened", errno) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            var text = [UInt8](repeating: 0, count: 20)
            let count = pread(file, &text, text.count, 0)
            close(file)
            guard reason == EWOULDBLOCK else { throw unusable(path, "cannot be locked", reason) }
            let holder = String(decoding: text.prefix(max(0, count)).prefix { $0 > 0x20 }, as: UTF8.self)
            throw DestinationConfigurationError(
                code: .locked,
                message: "\(path): another forwarder (pid \(holder)) delivers into this directory: stop it first, or "
                    + "give this one its own directory in GATEWAY_DESTINATIONS")
        }
        // The id only helps people; the lock itself is the kernel's.
        let holder = "\(getpid())\n"
        _ = ftruncate(file, 0)
        _ = pwrite(file, holder, holder.utf8.count, 0)
        return file
    }

    private static func unusable(_ path: String, _ problem: String, _ reason: Int32) -> DestinationConfigurationError {
        DestinationConfigurationError(
            code: .unusableDirectory, message: "\(path): \(problem): \(FileCalls.reason(reason))")
    }
}
