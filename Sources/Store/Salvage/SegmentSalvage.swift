internal import Glibc

/// Makes a readable copy of a segment whose log SQLite would cut short.
///
/// The copy has every frame of the log with its running checksum computed anew, so that recovery reaches them all. What
/// is truly damaged then shows in the checksum of its own row, and only there.
struct SegmentSalvage {
    let layout: SpoolLayout

    /// Copies and repairs; an earlier copy is replaced.
    /// - Returns: the path of the copy's main file.
    /// - Throws: `corrupt` when nothing in the log can be told apart, `full` or `io` when copying fails.
    func repair(_ number: UInt64) throws(StoreError) -> String {
        try Directory.create(layout.salvageDirectory)
        let copy = layout.salvageDirectory + "/" + SpoolLayout.fileName(number)
        for suffix in SpoolLayout.suffixes { unlink(copy + suffix) }
        let source = try FileReader(path: layout.segmentPath(number) + "-wal")
        let header = try readHeader(source)
        let firstPage = try copyLog(source, header: header, to: copy + "-wal")
        try writeMainFile(copy, firstPage: firstPage)
        return copy
    }

    /// Removes the copy.
    func discard(_ number: UInt64) {
        for suffix in SpoolLayout.suffixes {
            unlink(layout.salvageDirectory + "/" + SpoolLayout.fileName(number) + suffix)
        }
    }

    /// Moves the segment's own files out of the spool, to be looked at by people.
    func setAside(_ number: UInt64) throws(StoreError) {
        try Directory.create(layout.damagedDirectory)
        for suffix in SpoolLayout.suffixes {
            let name = SpoolLayout.fileName(number) + suffix
            guard
                rename(layout.segmentPath(number) + suffix, layout.damagedDirectory + "/" + name) == 0
                    || errno == ENOENT
            else {
                throw StoreError(.io, "\(name): can not move to “damaged”: \(String(cString: strerror(errno)))")
            }
        }
        try Directory.synchronize(layout.damagedDirectory)
        try Directory.synchronize(layout.segmentsDirectory)
    }

    /// The log's header, or one put together from the frames when its own bytes are damaged.
    private func readHeader(_ source: FileReader) throws(StoreError) -> RepairedHeader {
        var bytes = [UInt8](repeating: 0, count: WriteAheadLog.headerBytes)
        try source.read(&bytes, at: 0)
        let read = bytes.withUnsafeBytes { WriteAheadLog.Header($0) }
        let sizes = (9...16).reversed().map { 1 << $0 }
        for pageBytes in [read?.pageBytes].compactMap(\.self) + sizes {
            if let salt = try agreedSalt(source, pageBytes: pageBytes) {
                return RepairedHeader(pageBytes: pageBytes, salt: salt)
            }
        }
        throw StoreError(.corrupt, "\(source.path): no two frames agree on a salt: nothing can be read from this log")
    }

    private struct RepairedHeader {
        let pageBytes: Int
        let salt: UInt64
    }

    /// The salt that most of the first frames carry, when at least two do.
    private func agreedSalt(_ source: FileReader, pageBytes: Int) throws(StoreError) -> UInt64? {
        let stride = WriteAheadLog.frameHeaderBytes + pageBytes
        var counts: [UInt64: Int] = [:]
        var frame = [UInt8](repeating: 0, count: WriteAheadLog.frameHeaderBytes)
        for index in 0..<min(64, (source.size - WriteAheadLog.headerBytes) / stride) {
            try source.read(&frame, at: WriteAheadLog.headerBytes + index * stride)
            counts[frame.withUnsafeBytes { WriteAheadLog.Frame($0) }.salt, default: 0] += 1
        }
        return counts.max { $0.value < $1.value }.flatMap { $0.value > 1 && $0.key != 0 ? $0.key : nil }
    }

    /// Copies the frames up to the last one that carries the salt, with checksums computed anew.
    /// - Returns: the newest contents of page 1.
    private func copyLog(_ source: FileReader, header: RepairedHeader, to path: String) throws(StoreError) -> [UInt8] {
        let target = try FileWriter(path: path)
        var sum: (UInt32, UInt32) = (0, 0)
        var head = [UInt8](repeating: 0, count: WriteAheadLog.headerBytes)
        head.withUnsafeMutableBytes { bytes in
            WriteAheadLog.store(WriteAheadLog.magic, bytes, 0)
            WriteAheadLog.store(WriteAheadLog.formatVersion, bytes, 4)
            WriteAheadLog.store(UInt32(header.pageBytes), bytes, 8)
            WriteAheadLog.store(UInt32(header.salt >> 32), bytes, 16)
            WriteAheadLog.store(UInt32(truncatingIfNeeded: header.salt), bytes, 20)
            WriteAheadLog.checksum(&sum, UnsafeRawBufferPointer(rebasing: bytes[..<24]), bigEndian: false)
            WriteAheadLog.store(sum.0, bytes, 24)
            WriteAheadLog.store(sum.1, bytes, 28)
        }
        try head.withUnsafeBufferPointer { (bytes) throws(StoreError) in
            try target.append(UnsafeRawBufferPointer(bytes))
        }
        var firstPage: [UInt8] = []
        let stride = WriteAheadLog.frameHeaderBytes + header.pageBytes
        var frame = [UInt8](repeating: 0, count: stride)
        for index in 0..<((source.size - WriteAheadLog.headerBytes) / stride) {
            try source.read(&frame, at: WriteAheadLog.headerBytes + index * stride)
            frame.withUnsafeMutableBytes { bytes in
                WriteAheadLog.store(UInt32(header.salt >> 32), bytes, 8)
                WriteAheadLog.store(UInt32(truncatingIfNeeded: header.salt), bytes, 12)
                WriteAheadLog.checksum(&sum, UnsafeRawBufferPointer(rebasing: bytes[..<8]), bigEndian: false)
                WriteAheadLog.checksum(
                    &sum, UnsafeRawBufferPointer(rebasing: bytes[WriteAheadLog.frameHeaderBytes...]), bigEndian: false)
                WriteAheadLog.store(sum.0, bytes, 16)
                WriteAheadLog.store(sum.1, bytes, 20)
            }
            if frame.withUnsafeBytes({ WriteAheadLog.Frame($0) }).page == 1 {
                firstPage = Array(frame[WriteAheadLog.frameHeaderBytes...])
            }
            try frame.withUnsafeBufferPointer { (bytes) throws(StoreError) in
                try target.append(UnsafeRawBufferPointer(bytes))
            }
        }
        return firstPage
    }

    /// Everything is in the log; the main file only has to name the page size and WAL mode, which page 1 does.
    private func writeMainFile(_ path: String, firstPage: [UInt8]) throws(StoreError) {
        guard !firstPage.isEmpty else {
            throw StoreError(.corrupt, "\(path): the log has no first page: nothing can be read from it")
        }
        let target = try FileWriter(path: path)
        try firstPage.withUnsafeBufferPointer { (bytes) throws(StoreError) in
            try target.append(UnsafeRawBufferPointer(bytes))
        }
    }
}
