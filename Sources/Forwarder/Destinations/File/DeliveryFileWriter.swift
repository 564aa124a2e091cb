internal import Glibc

/// Appends lines durably to the current file and finishes files by size and age. Belongs to one thread.
struct DeliveryFileWriter: ~Copyable {
    private struct OpenFile {
        let descriptor: Int32
        let part: String
        let final: String
        var durableBytes = 0
        /// Written behind them and not yet synced.
        var pendingBytes = 0
        /// On the monotonic clock, in nanoseconds.
        var finishAt: Int64
    }

    private let directory: DeliveryDirectory
    private let settings: FileDestinationSettings
    private var names = DeliveryFileName()
    private var current: OpenFile?
    /// Nil where nothing is compressed.
    private var compressor: GzipCompressor?
    /// Compressed and not yet written.
    private var compressed: [UInt8] = []
    private var hasOpenMember = false

    private static let pieceBytes = 256 << 10

    init(directory: DeliveryDirectory, settings: FileDestinationSettings) {
        self.directory = directory
        self.settings = settings
    }

    deinit {
        // What was not finished is whole and synced, and the next start gives it its final name.
        if let current { close(current.descriptor) }
    }

    /// Nanoseconds until the current file is due; nil without one.
    var untilDue: Int64? {
        current.map { max(0, $0.finishAt - settings.monotonicClock()) }
    }

    /// Where the lines that are written now will be found; nil before the first ones of a file.
    var currentPath: String? { current?.final }

    /// Appends whole lines, which are durable once ``synchronize()`` returns. After an error nothing is in the file that was
    /// not durable before, so that no torn line is ever followed by another.
    mutating func append(_ lines: [UInt8]) throws(DeliveryError) {
        guard !lines.isEmpty else { return }
        guard settings.compression == .gzip else { return try put(lines) }
        if compressor == nil { compressor = GzipCompressor(level: GzipCompressor.fileLevel) }
        guard compressor != nil else {
            forgetPending()
            throw GzipCompressor.noMemory("file://\(directory.path)")
        }
        hasOpenMember = true
        lines.withUnsafeBytes { compressor?.compress($0, into: &compressed) }
        if compressed.count >= Self.pieceBytes { try putCompressed() }
    }

    /// Makes durable what was appended. After an error nothing of it is in the file.
    ///
    /// Compressed lines end in a whole gzip member here, so that what is durable can be read whatever comes after it.
    mutating func synchronize() throws(DeliveryError) {
        if hasOpenMember {
            compressor?.finishMember(into: &compressed)
            hasOpenMember = false
            try putCompressed()
        }
        guard var file = current, file.pendingBytes > 0 else { return }
        guard settings.calls.synchronize(file.descriptor) == 0 else {
            // After a failed sync the kernel may have dropped the pages and will not say so again: this file takes no
            // more lines.
            let reason = errno
            cutBack(file, reason)
            finish()
            closeCurrent()
            throw Self.failure(file.part, "cannot be synced", reason)
        }
        file.durableBytes += file.pendingBytes
        file.pendingBytes = 0
        current = file
        if file.durableBytes >= settings.fileBytes { finish() }
    }

    private mutating func putCompressed() throws(DeliveryError) {
        let bytes = compressed
        compressed.removeAll(keepingCapacity: compressed.capacity <= 4 * Self.pieceBytes)
        try put(bytes)
    }

    private mutating func put(_ bytes: [UInt8]) throws(DeliveryError) {
        var file: OpenFile
        do throws(DeliveryError) {
            if let current { file = current } else { file = try openFile() }
        } catch {
            forgetPending()
            throw error
        }
        file.pendingBytes += bytes.count
        current = file
        if let reason = write(bytes, to: file) {
            cutBack(file, reason)
            throw Self.failure(file.part, "cannot be written", reason)
        }
    }

    private mutating func forgetPending() {
        compressed = []
        hasOpenMember = false
        compressor?.abandonMember()
    }

    /// Finishes the current file when its time has come.
    mutating func finishIfDue() {
        if untilDue == 0 { finish() }
    }

    /// Gives the current file its final name. When that fails the file stays current and is tried again later.
    mutating func finish() {
        guard var file = current else { return }
        guard file.durableBytes > 0 else {
            // Nothing of value: a leftover is removed at the next start.
            unlink(file.part)
            return closeCurrent()
        }
        guard rename(file.part, file.final) == 0 else {
            file.finishAt = settings.monotonicClock() + Self.nanoseconds(settings.finishRetry)
            let reason = FileCalls.reason(errno)
            current = file
            return settings.observer(.finishFailed(path: file.part, reason: reason))
        }
        closeCurrent()
        if directory.synchronize() != 0 {
            // The lines are durable under the old name or the new one; the next start finds either.
            settings.observer(.finishFailed(path: file.final, reason: FileCalls.reason(errno)))
        }
        settings.observer(.finished(path: file.final, bytes: file.durableBytes))
    }

    private mutating func openFile() throws(DeliveryError) -> OpenFile {
        let name = names.next(at: settings.wallClock()) + DeliveryFileName.finishedSuffix(settings.compression)
        let final = "\(directory.path)/\(name)"
        let part = final + DeliveryFileName.partSuffix
        let descriptor = open(part, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw Self.failure(part, "cannot be created", errno) }
        // Durable lines in a file without a durable name would be lost with the machine.
        guard directory.synchronize() == 0 else {
            let reason = errno
            close(descriptor)
            unlink(part)
            throw Self.failure(directory.path, "cannot be synced", reason)
        }
        return OpenFile(
            descriptor: descriptor, part: part, final: final,
            finishAt: settings.monotonicClock() + Self.nanoseconds(settings.fileAge))
    }

    /// The error number when not everything could be written.
    private func write(_ lines: [UInt8], to file: OpenFile) -> Int32? {
        lines.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = settings.calls.write(file.descriptor, UnsafeRawBufferPointer(rebasing: bytes[written...]))
                if count < 0, errno == EINTR { continue }
                // Nothing written without an error: a device that takes no more.
                guard count > 0 else { return count < 0 ? errno : ENOSPC }
                written += count
            }
            return nil
        }
    }

    private mutating func cutBack(_ file: OpenFile, _ reason: Int32) {
        forgetPending()
        current?.pendingBytes = 0
        guard settings.calls.truncate(file.descriptor, file.durableBytes) != 0 else { return }
        // A torn line may be left at the end: this file must take no more.
        settings.observer(.abandoned(path: file.part, reason: FileCalls.reason(reason)))
        closeCurrent()
    }

    private mutating func closeCurrent() {
        if let current { close(current.descriptor) }
        current = nil
    }

    private static func failure(_ path: String, _ problem: String, _ reason: Int32) -> DeliveryError {
        let isFull = [ENOSPC, EDQUOT, EFBIG].contains(reason)
        return DeliveryError(
            code: isFull ? .diskFull : .localIO, scope: .local, isRetriable: true,
            message: "\(path): \(problem): \(FileCalls.reason(reason))" + (isFull ? "; free space there" : ""))
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
