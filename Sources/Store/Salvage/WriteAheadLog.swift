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
    /// How many frames are asked for the salt when the header is damaged.
    private static let framesToAgree = 64

    /// The fields of the log's header that matter here.
    struct Header: Equatable {
        var magic: UInt32
        var pageBytes: Int
        var salt: UInt64
        /// Whether the header's own checksum holds; otherwise SQLite takes the log for empty.
        var isIntact: Bool

        /// Reads a header; nil when its magic, version or page size cannot be.
        init?(_ bytes: UnsafeRawBufferPointer) {
            guard bytes.count >= WriteAheadLog.headerBytes else { return nil }
            magic = WriteAheadLog.integer(bytes, 0)
            pageBytes = Int(WriteAheadLog.integer(bytes, 8))
            salt = UInt64(WriteAheadLog.integer(bytes, 16)) << 32 | UInt64(WriteAheadLog.integer(bytes, 20))
            var sum: (UInt32, UInt32) = (0, 0)
            WriteAheadLog.checksum(&sum, UnsafeRawBufferPointer(rebasing: bytes[..<24]), bigEndian: magic & 1 == 1)
            isIntact = sum == (WriteAheadLog.integer(bytes, 24), WriteAheadLog.integer(bytes, 28))
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

    /// What the frames of a log have in common, as its header says or, when that is damaged, as they show themselves.
    struct Shape: Equatable {
        var pageBytes: Int
        var salt: UInt64

        /// The bytes from one frame to the next.
        var stride: Int { WriteAheadLog.frameHeaderBytes + pageBytes }
    }

    /// Whether the log of a segment has acknowledged commits that SQLite can not reach. Call it only on a segment that
    /// nobody writes.
    ///
    /// One commit beyond the readable ones is no damage: it is what a power failure leaves of a transaction whose fsync
    /// had not returned, and nothing of it was acknowledged. A second one was begun only after the first was durable.
    /// - Parameter readable: the frames that a connection can read; 0 when it sees no schema at all.
    static func hasUnreachableCommits(segmentPath: String, beyond readable: Int) throws(StoreError) -> Bool {
        guard FileReader.exists(segmentPath + "-wal") else { return false }
        let log = try FileReader(path: segmentPath + "-wal")
        guard let shape = try shape(of: log) else { return false }
        // A commit frame whose own salt is damaged still counts when a whole one follows.
        var commits = 0
        var index = readable
        while let frame = try frame(index, of: log, shape) {
            if frame.pagesAfterCommit != 0 {
                commits += 1
                if commits > 1 && frame.salt == shape.salt { return true }
            }
            index += 1
        }
        return false
    }

    /// The shape of a log; nil when its header is damaged and no two of its first frames agree on a salt.
    static func shape(of log: FileReader) throws(StoreError) -> Shape? {
        var bytes = [UInt8](repeating: 0, count: headerBytes)
        try log.read(&bytes, at: 0)
        let header = bytes.withUnsafeBytes { Header($0) }
        if let header, header.isIntact { return Shape(pageBytes: header.pageBytes, salt: header.salt) }
        for pageBytes in [header?.pageBytes].compactMap(\.self) + (9...16).reversed().map({ 1 << $0 }) {
            if let shape = try agreedShape(log, pageBytes: pageBytes) { return shape }
        }
        return nil
    }

    /// The salt that most of the first frames carry, when at least two do.
    private static func agreedShape(_ log: FileReader, pageBytes: Int) throws(StoreError) -> Shape? {
        var counts: [UInt64: Int] = [:]
        for index in 0..<framesToAgree {
            guard let frame = try frame(index, of: log, Shape(pageBytes: pageBytes, salt: 0)) else { break }
            counts[frame.salt, default: 0] += 1
        }
        guard let (salt, count) = counts.max(by: { $0.value < $1.value }), count > 1, salt != 0 else { return nil }
        return Shape(pageBytes: pageBytes, salt: salt)
    }

    /// The header of a frame, counted from 0; nil beyond the last whole frame.
    static func frame(_ index: Int, of log: FileReader, _ shape: Shape) throws(StoreError) -> Frame? {
        guard headerBytes + (index + 1) * shape.stride <= log.size else { return nil }
        var bytes = [UInt8](repeating: 0, count: frameHeaderBytes)
        try log.read(&bytes, at: headerBytes + index * shape.stride)
        return bytes.withUnsafeBytes { Frame($0) }
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
