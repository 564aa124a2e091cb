/// The start of a segment's first page, as SQLite's file format page describes it (“The Database Header”).
///
/// It is written once, no row's checksum covers it, and one wrong byte in it would hide every batch. But all of it that
/// readers need is known beforehand.
enum FirstPage {
    private static let magic = Array("SQLite format 3\0".utf8)

    /// Mends the header in a log's frame when the frame is page 1 and not as it was written.
    /// - Parameters:
    ///   - frame: a whole frame, its own header first.
    ///   - stored: the checksum stored before the frame; becomes the one stored in it.
    static func mendIfDamaged(_ frame: UnsafeMutableRawBufferPointer, after stored: inout (UInt32, UInt32)) {
        let bytes = UnsafeRawBufferPointer(frame)
        let own = (WriteAheadLog.integer(bytes, 16), WriteAheadLog.integer(bytes, 20))
        defer { stored = own }
        guard WriteAheadLog.integer(bytes, 0) == 1 else { return }
        var sum = stored
        let page = WriteAheadLog.frameHeaderBytes
        WriteAheadLog.checksum(&sum, UnsafeRawBufferPointer(rebasing: bytes[..<8]), bigEndian: false)
        WriteAheadLog.checksum(&sum, UnsafeRawBufferPointer(rebasing: bytes[page...]), bigEndian: false)
        // As it was written: a newer version in it is meant.
        guard sum != own else { return }
        mend(UnsafeMutableRawBufferPointer(rebasing: frame[page...]))
    }

    private static func mend(_ page: UnsafeMutableRawBufferPointer) {
        page.copyBytes(from: magic)
        // Page size (1 stands for 64 KiB), WAL twice, no reserved bytes, the three fixed fractions.
        let size = page.count == 65536 ? 1 : page.count
        for (offset, byte) in [UInt8(size >> 8), UInt8(size & 0xff), 2, 2, 0, 64, 32, 32].enumerated() {
            page[magic.count + offset] = byte
        }
        // 0 pages: not known, the log tells. Schema format 4, UTF-8.
        WriteAheadLog.store(0, page, 28)
        WriteAheadLog.store(4, page, 44)
        WriteAheadLog.store(1, page, 56)
        // Only a version that this build reads: what else is wrong then shows in the rows.
        let version = Int64(WriteAheadLog.integer(UnsafeRawBufferPointer(page), 60))
        if !(1...Schema.segment.version).contains(version) {
            WriteAheadLog.store(UInt32(Schema.segment.version), page, 60)
        }
        WriteAheadLog.store(UInt32(Schema.segment.applicationID), page, 68)
    }
}
