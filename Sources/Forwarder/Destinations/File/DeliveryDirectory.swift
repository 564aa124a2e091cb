internal import Glibc
internal import Store
internal import Synchronization

/// The directory of a `FileDestination`: made, locked and repaired at start.
final class DeliveryDirectory: Sendable {
    /// Holds the lock; also tells people which process it is.
    static let lockName = ".forwarder.lock"

    let path: String
    private let lock: Mutex<Int32?>

    /// Makes the directory when it is missing and takes its lock.
    ///
    /// As with the spool, the parents of an absolute path must exist.
    init(path: String) throws(DestinationConfigurationError) {
        try Self.usable { () throws(StoreError) in try Directory.create(path) }
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

    /// Completes what a crashed process left: cuts a torn last line or gzip member, then gives the file its final name. A file without
    /// a whole line is removed.
    func repair() throws(DestinationConfigurationError) -> [FileDestinationEvent] {
        var events: [FileDestinationEvent] = []
        let names = try Self.usable { () throws(StoreError) in try Directory.names(path) }
        let parts = names.filter { DeliveryFileName.compression(ofPart: $0) != nil }
        for part in parts.sorted() {
            let compression = DeliveryFileName.compression(ofPart: part) ?? .none
            if let event = try repairPart("\(path)/\(part)", compression) { events.append(event) }
        }
        if !parts.isEmpty, synchronize() != 0 { throw Self.unusable(path, "cannot be synced", errno) }
        return events
    }

    private func repairPart(
        _ part: String, _ compression: Compression
    ) throws(DestinationConfigurationError) -> FileDestinationEvent? {
        let final = String(part.dropLast(DeliveryFileName.partSuffix.utf8.count))
        let file = open(part, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { throw Self.unusable(part, "cannot be opened for repair", errno) }
        defer { close(file) }
        let size = lseek(file, 0, SEEK_END)
        guard size >= 0, let whole = Self.wholeBytes(file, size: size, compression) else {
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

    /// Bytes up to and including the last whole line, or the last whole group of lines; nil when reading fails.
    private static func wholeBytes(_ file: Int32, size: Int, _ compression: Compression) -> Int? {
        switch compression {
        case .none: firstZero(file, size: size).flatMap { wholeLines(file, size: $0) }
        case .gzip: GzipMembers.wholeBytes(of: file)
        }
    }

    /// Bytes before the first zero; nil when reading fails. A line of JSON has none: a power loss may leave a file longer than
    /// what of it was written, and what was synced stands before that.
    private static func firstZero(_ file: Int32, size: Int) -> Int? {
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        var start = 0
        while start < size {
            let count = min(chunk.count, size - start)
            guard pread(file, &chunk, count, start) == count else { return nil }
            if let zero = chunk[..<count].firstIndex(of: 0) { return start + zero }
            start += count
        }
        return size
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

    private static func usable<Result>(
        _ body: () throws(StoreError) -> Result
    ) throws(DestinationConfigurationError) -> Result {
        do throws(StoreError) {
            return try body()
        } catch {
            throw DestinationConfigurationError(code: .unusableDirectory, message: error.message)
        }
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
