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
        let copy = copyPath(number)
        for suffix in SpoolLayout.suffixes { unlink(copy + suffix) }
        let path = layout.segmentPath(number) + "-wal"
        guard FileReader.exists(path) else {
            throw StoreError(.corrupt, "\(path): the log is gone: nothing can be read")
        }
        let source = try FileReader(path: path)
        guard let shape = try WriteAheadLog.shape(of: source) else {
            throw StoreError(.corrupt, "\(path): no two frames agree on a salt: nothing can be read from this log")
        }
        let firstPage = try copyLog(source, shape: shape, to: copy + "-wal")
        try writeMainFile(copy, firstPage: firstPage)
        return copy
    }

    /// Where the copy's main file is.
    func copyPath(_ number: UInt64) -> String {
        layout.salvageDirectory + "/" + SpoolLayout.fileName(number)
    }

    /// Removes the copy.
    func discard(_ number: UInt64) {
        for suffix in SpoolLayout.suffixes { unlink(copyPath(number) + suffix) }
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

    /// Copies the frames up to the last one that carries the salt, with checksums computed anew.
    /// - Returns: the newest contents of page 1.
    private func copyLog(
        _ source: FileReader, shape: WriteAheadLog.Shape, to path: String
    ) throws(StoreError) -> [UInt8] {
        let target = try FileWriter(path: path)
        var sum: (UInt32, UInt32) = (0, 0)
        var head = [UInt8](repeating: 0, count: WriteAheadLog.headerBytes)
        head.withUnsafeMutableBytes { bytes in
            WriteAheadLog.store(WriteAheadLog.magic, bytes, 0)
            WriteAheadLog.store(WriteAheadLog.formatVersion, bytes, 4)
            WriteAheadLog.store(UInt32(shape.pageBytes), bytes, 8)
            WriteAheadLog.store(UInt32(shape.salt >> 32), bytes, 16)
            WriteAheadLog.store(UInt32(truncatingIfNeeded: shape.salt), bytes, 20)
            WriteAheadLog.checksum(&sum, UnsafeRawBufferPointer(rebasing: bytes[..<24]), bigEndian: false)
            WriteAheadLog.store(sum.0, bytes, 24)
            WriteAheadLog.store(sum.1, bytes, 28)
        }
        try head.withUnsafeBufferPointer { (bytes) throws(StoreError) in
            try target.append(UnsafeRawBufferPointer(bytes))
        }
        var firstPage: [UInt8] = []
        // The checksum that the source itself has before a frame.
        var stored: (UInt32, UInt32) = (0, 0)
        try source.read(&head, at: 0)
        head.withUnsafeBytes { stored = (WriteAheadLog.integer($0, 24), WriteAheadLog.integer($0, 28)) }
        var frame = [UInt8](repeating: 0, count: shape.stride)
        for index in 0..<(try frameCount(source, shape)) {
            try source.read(&frame, at: WriteAheadLog.headerBytes + index * shape.stride)
            frame.withUnsafeMutableBytes { bytes in
                FirstPage.mendIfDamaged(bytes, after: &stored)
                // SQLite's recovery ends at a frame for page 0; a page beyond the last is never read.
                if WriteAheadLog.integer(UnsafeRawBufferPointer(bytes), 0) == 0 {
                    WriteAheadLog.store(Self.pageBeyondAll, bytes, 0)
                }
                WriteAheadLog.store(UInt32(shape.salt >> 32), bytes, 8)
                WriteAheadLog.store(UInt32(truncatingIfNeeded: shape.salt), bytes, 12)
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

    /// The frames up to the last one that carries the salt.
    private func frameCount(_ source: FileReader, _ shape: WriteAheadLog.Shape) throws(StoreError) -> Int {
        var count = 0
        var index = 0
        while let frame = try WriteAheadLog.frame(index, of: source, shape) {
            index += 1
            if frame.salt == shape.salt { count = index }
        }
        return count
    }

    private static let pageBeyondAll: UInt32 = 0xffff_fffd

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
