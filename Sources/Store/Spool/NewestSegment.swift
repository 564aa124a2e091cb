internal import Glibc

/// Remembers the number of the newest segment over its removal. A segment must never get a number below one that a forwarder
/// has passed: it would not be looked at before the forwarder starts again. Without this file, a clock that was set back and
/// an empty spool would make such a number.
struct NewestSegment {
    private static let digits = 20

    let path: String

    init(layout: SpoolLayout) {
        path = layout.newestSegmentPath
    }

    /// The number; 0 when there is none, or none that can be read: then clock and files decide, as before there was one.
    func read() -> UInt64 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.digits + 2)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count == Self.digits + 1, bytes[Self.digits] == UInt8(ascii: "\n") else { return 0 }
        let text = bytes.prefix(Self.digits)
        guard text.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt64(String(decoding: text, as: UTF8.self)), number < UInt64(Int64.max)
        else { return 0 }
        return number
    }

    /// Makes a number durable. It is written over the one before: 21 bytes of one block, which no power loss tears.
    func write(_ number: UInt64) throws(StoreError) {
        let isNew = access(path, F_OK) != 0
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw failure("open") }
        defer { close(descriptor) }
        let text = String(number)
        let line = Array((String(repeating: "0", count: max(0, Self.digits - text.count)) + text + "\n").utf8)
        let count = line.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard count == line.count, ftruncate(descriptor, off_t(line.count)) == 0 else { throw failure("write") }
        guard fdatasync(descriptor) == 0 else { throw failure("sync") }
        if isNew, let slash = path.lastIndex(of: "/") { try Directory.synchronize(String(path[..<slash])) }
    }

    private func failure(_ action: String) -> StoreError {
        let number = errno
        return StoreError(
            number == ENOSPC || number == EDQUOT ? .full : .io,
            "\(path): can not \(action): \(String(cString: strerror(number)))")
    }
}
