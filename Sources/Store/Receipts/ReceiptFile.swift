internal import Glibc

/// Where the receipts of a segment at a destination lie, and how much of them is whole.
enum ReceiptFile {
    /// Bytes of one file at most: what is delivered beyond has no receipt. A full segment of small events takes a twentieth.
    static let maximumBytes = 64 << 20

    private static let suffix = ".receipts"

    static func path(_ layout: SpoolLayout, segment: UInt64, destination: Int64) -> String {
        "\(layout.receiptsDirectory)/\(segment).\(destination)\(suffix)"
    }

    /// The segment of a file's name; nil for other files.
    static func segment(ofFile name: String) -> UInt64? {
        guard name.hasSuffix(suffix) else { return nil }
        let parts = name.dropLast(suffix.count).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, Int64(parts[1]) != nil else { return nil }
        return UInt64(parts[0])
    }

    /// All bytes of a file; empty without one.
    static func bytes(_ path: String) throws(StoreError) -> [UInt8] {
        guard FileReader.exists(path) else { return [] }
        let reader = try FileReader(path: path)
        var bytes = [UInt8](repeating: 0, count: min(reader.size, 2 * maximumBytes))
        try reader.read(&bytes, at: 0)
        return bytes
    }

    /// How many bytes are whole records: a crash may have torn the last one.
    static func wholeBytes(_ bytes: [UInt8]) -> Int {
        var cursor = ReceiptCursor(bytes[...])
        var whole = 0
        while ReceiptRecord.next(&cursor) != nil { whole = cursor.position }
        return whole
    }

    /// Appends records behind those that are whole.
    /// - Parameter checks: whether what is there is looked through first.
    static func append(_ records: [UInt8], to path: String, checks: Bool) throws(StoreError) {
        if checks {
            let existing = try bytes(path)
            let whole = wholeBytes(existing)
            if whole < existing.count, truncate(path, off_t(whole)) != 0 { throw failure(path, "can not be cut") }
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else { throw failure(path, "can not be opened") }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { throw failure(path, "can not be looked at") }
        guard Int(information.st_size) + records.count <= maximumBytes else { return }
        let written = records.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written != records.count else { return }
        let error = failure(path, "can not be written")
        // A torn record would hide all that follow.
        _ = ftruncate(descriptor, information.st_size)
        throw error
    }

    private static func failure(_ path: String, _ problem: String) -> StoreError {
        let reason = errno
        return StoreError(
            reason == ENOSPC || reason == EDQUOT ? .full : .io,
            "\(path): receipts \(problem): \(String(cString: strerror(reason)))")
    }
}
