internal import Glibc

/// The layout of SQLite's write-ahead log, as its file format page describes it (“The WAL File Format”).
///
/// A segment is never checkpointed, so every frame in its log is live. But SQLite's recovery stops at the first frame
/// whose running checksum is wrong and hides all that follow: one flipped bit would take every later batch with it.
/// This type finds out whether that has happened.
struct WriteAheadLog {
    static let headerBytes = 32
    static let frameHeaderBytes = 24
    /// The magic number without its lowest bit, which says whether checksums are big-endian.
    static let magic: UInt32 = 0x377f_0682
    static let formatVersion: UInt32 = 3_007_000

    /// The fields of the log's header that matter here.
    struct Header: Equatable {
        var magic: UInt32
        var pageBytes: Int
        var salt: UInt64

        /// Reads a header; nil when its magic, version or page size cannot be.
        init?(_ bytes: UnsafeRawBufferPointer) {
            guard bytes.count >= WriteAheadLog.headerBytes else { return nil }
            magic = WriteAheadLog.integer(bytes, 0)
            pageBytes = Int(WriteAheadLog.integer(bytes, 8))
            salt = UInt64(WriteAheadLog.integer(bytes, 16)) << 32 | UInt64(WriteAheadLog.integer(bytes, 20))
            guard magic & ~1 == WriteAheadLog.magic, WriteAheadLog.integer(bytes, 4) == WriteAheadLog.formatVersion,
                (512...65536).contains(pageBytes), pageBytes & (pageBytes - 1) == 0
            else { return nil }
        }
    }

    /// The fields of a frame's header that matter here.
    struct Frame: Equatable {
        var page: UInt32
        /// Pages of the database after a commit; 0 for frames that are not the last of a transaction.
        var pagesAfterCommit: UInt32
        var salt: UInt64

        init(_ bytes: UnsafeRawBufferPointer) {
            page = WriteAheadLog.integer(bytes, 0)
            pagesAfterCommit = WriteAheadLog.integer(bytes, 4)
            salt = UInt64(WriteAheadLog.integer(bytes, 8)) << 32 | UInt64(WriteAheadLog.integer(bytes, 12))
        }
    }

    /// Whether the log of an open segment has commits that SQLite can not reach. Call it only on a segment that nobody
    /// writes, while a connection to it is open and has read something.
    static func hasUnreachableCommits(segmentPath: String) throws(StoreError) -> Bool {
        let log = try FileReader(path: segmentPath + "-wal")
        guard log.size > headerBytes else { return false }
        var bytes = [UInt8](repeating: 0, count: headerBytes)
        try log.read(&bytes, at: 0)
        guard let header = bytes.withUnsafeBytes({ Header($0) }) else { return true }
        var index = try reachableFrames(segmentPath: segmentPath)
        var frame = [UInt8](repeating: 0, count: frameHeaderBytes)
        let stride = frameHeaderBytes + header.pageBytes
        while headerBytes + (index + 1) * stride <= log.size {
            try log.read(&frame, at: headerBytes + index * stride)
            let parsed = frame.withUnsafeBytes { Frame($0) }
            if parsed.salt == header.salt && parsed.pagesAfterCommit != 0 { return true }
            index += 1
        }
        return false
    }

    /// How many frames SQLite has found valid: `mxFrame` of the WAL index (“WAL-mode File Format”, section 2.1).
    private static func reachableFrames(segmentPath: String) throws(StoreError) -> Int {
        let index = try FileReader(path: segmentPath + "-shm")
        guard index.size >= 20 else { return 0 }
        var bytes = [UInt8](repeating: 0, count: 20)
        try index.read(&bytes, at: 0)
        // The WAL index is in the machine's own byte order.
        return bytes.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: 16, as: UInt32.self)) }
    }

    /// The running checksum of the log over `bytes`, whose length is a multiple of 8.
    static func checksum(_ state: inout (UInt32, UInt32), _ bytes: UnsafeRawBufferPointer, bigEndian: Bool) {
        var offset = 0
        while offset + 8 <= bytes.count {
            var first = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
            var second = bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
            first = bigEndian ? UInt32(bigEndian: first) : UInt32(littleEndian: first)
            second = bigEndian ? UInt32(bigEndian: second) : UInt32(littleEndian: second)
            state.0 &+= first &+ state.1
            state.1 &+= second &+ state.0
            offset += 8
        }
    }

    /// A big-endian 32-bit number, as everything in the log but page contents.
    static func integer(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Writes a big-endian 32-bit number.
    static func store(_ value: UInt32, _ bytes: UnsafeMutableRawBufferPointer, _ offset: Int) {
        bytes.storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
    }
}
