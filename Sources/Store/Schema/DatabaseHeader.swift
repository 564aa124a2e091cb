internal import Glibc

/// The two numbers in the header of a SQLite file that say what it is, read without SQLite: that makes an index file
/// beside a database in WAL mode, and so can neither read a write-protected copy nor leave a directory as it was.
struct DatabaseHeader: Equatable {
    /// `PRAGMA application_id`.
    let applicationID: Int64
    /// `PRAGMA user_version`.
    let userVersion: Int64

    private static let bytes = 72
    private static let magic = Array("SQLite format 3\0".utf8)

    /// Reads the header of page 1; nil when the bytes do not begin like a SQLite file.
    init?(_ page: UnsafeRawBufferPointer) {
        guard page.count >= Self.bytes, page.prefix(Self.magic.count).elementsEqual(Self.magic) else { return nil }
        userVersion = Int64(Int32(bitPattern: WriteAheadLog.integer(page, 60)))
        applicationID = Int64(Int32(bitPattern: WriteAheadLog.integer(page, 68)))
    }

    /// Reads a database as its last commit left it: the first page in the log, or in the file when the log has none.
    /// - Parameter newest: whether the whole log is read; else its first commit that has a version is enough.
    /// - Returns: nil for a database without a page.
    /// - Throws: `corrupt` when the first page is no SQLite file's, `io` when a file can not be read.
    static func read(path: String, newest: Bool) throws(StoreError) -> DatabaseHeader? {
        var page = [UInt8](repeating: 0, count: bytes)
        let file = try FileReader(path: path)
        try file.read(&page, at: 0)
        if let logged = try firstPage(inLogOf: path, newest: newest) {
            page = logged
        } else if file.size == 0 {
            return nil
        }
        guard let header = page.withUnsafeBytes({ DatabaseHeader($0) }) else {
            throw StoreError(.corrupt, "\(path): its header can not be read: it is damaged, or no SQLite file")
        }
        return header
    }

    /// The start of page 1 as the log's commits have it, up to the first frame that SQLite would not read.
    private static func firstPage(inLogOf path: String, newest: Bool) throws(StoreError) -> [UInt8]? {
        guard FileReader.exists(path + "-wal") else { return nil }
        let log = try FileReader(path: path + "-wal")
        var head = [UInt8](repeating: 0, count: WriteAheadLog.headerBytes)
        try log.read(&head, at: 0)
        guard let header = head.withUnsafeBytes({ WriteAheadLog.Header($0) }), header.isIntact else { return nil }
        let isBigEndian = header.magic & 1 == 1
        let shape = WriteAheadLog.Shape(pageBytes: header.pageBytes, salt: header.salt)
        var sum = head.withUnsafeBytes { (WriteAheadLog.integer($0, 24), WriteAheadLog.integer($0, 28)) }
        var frame = [UInt8](repeating: 0, count: shape.stride)
        var offset = WriteAheadLog.headerBytes
        var uncommitted: [UInt8]?
        var committed: [UInt8]?
        while offset + shape.stride <= log.size {
            try log.read(&frame, at: offset)
            offset += shape.stride
            let (fields, isWhole) = frame.withUnsafeBytes { bytes in
                let page = WriteAheadLog.frameHeaderBytes
                WriteAheadLog.checksum(&sum, UnsafeRawBufferPointer(rebasing: bytes[..<8]), bigEndian: isBigEndian)
                WriteAheadLog.checksum(&sum, UnsafeRawBufferPointer(rebasing: bytes[page...]), bigEndian: isBigEndian)
                let own = (WriteAheadLog.integer(bytes, 16), WriteAheadLog.integer(bytes, 20))
                return (WriteAheadLog.Frame(bytes), sum == own)
            }
            guard isWhole, fields.salt == shape.salt else { break }
            if fields.page == 1 {
                uncommitted = Array(frame[WriteAheadLog.frameHeaderBytes...].prefix(bytes))
            }
            if fields.pagesAfterCommit != 0 {
                committed = uncommitted ?? committed
                if !newest, let version = committed?.withUnsafeBytes({ DatabaseHeader($0) })?.userVersion, version != 0
                {
                    break
                }
            }
        }
        return committed
    }
}
