internal import Glibc

/// Where everything lies in a spool directory.
package struct SpoolLayout: Sendable, Hashable {
    /// The spool directory.
    package let root: String

    /// Describes a spool directory; touches nothing.
    package init(root: String) {
        self.root = root
    }

    /// Holds one `*.segment` (with its `-wal`, `-shm` and `-summary`) per segment.
    package var segmentsDirectory: String { root + "/segments" }
    /// Holds damaged segments as they were found, for a post-mortem.
    package var damagedDirectory: String { root + "/damaged" }
    /// Holds repaired copies of damaged segments while they are delivered.
    package var salvageDirectory: String { root + "/salvage" }
    /// The forwarder's own database.
    package var ledgerPath: String { root + "/ledger.db" }
    /// The number of the newest segment that ingest has made, whether or not it is still there.
    var newestSegmentPath: String { root + "/ingest.newest" }
    /// Ingest's directory of senders.
    package var sendersPath: String { root + "/senders.db" }
    /// A directory of senders that could not be read, for a post-mortem.
    package var setAsideSendersPath: String { root + "/senders.db.set-aside" }
    /// Holds what destinations answered to deliveries.
    package var receiptsDirectory: String { root + "/receipts" }
    /// Written and removed to find out whether the disk takes anything.
    var probePath: String { root + "/ingest.probe" }
    /// The Unix socket on which ingest answers what is not gRPC.
    package var ingestSocketPath: String { root + "/ingest.http" }
    /// The Unix socket on which a running ingest takes operators' commands.
    package var ingestControlPath: String { root + "/ingest.control" }
    /// The Unix socket on which a running forwarder takes operators' commands.
    package var controlSocketPath: String { root + "/forwarder.control" }
    /// Locked by the one ingest of this spool.
    package var ingestLockPath: String { root + "/ingest.lock" }
    /// Locked by the one forwarder of this spool.
    package var forwarderLockPath: String { root + "/forwarder.lock" }

    /// The main file of a segment.
    package func segmentPath(_ number: UInt64) -> String {
        segmentsDirectory + "/" + Self.fileName(number)
    }

    /// The numbers of all segments on disk, oldest first.
    package func segmentNumbers() throws(StoreError) -> [UInt64] {
        try Directory.names(segmentsDirectory).compactMap(Self.number(ofFile:)).sorted()
    }

    /// Creates the directories that both processes use.
    package func create() throws(StoreError) {
        try Directory.create(root)
        try Directory.create(segmentsDirectory)
    }

    /// Whether the spool exists, for commands that must not create it.
    package var exists: Bool { Directory.isDirectory(segmentsDirectory) }

    /// Removes a segment's files, main file first: without it the rest is never opened again.
    func unlinkSegment(_ number: UInt64) throws(StoreError) {
        for suffix in Self.suffixes {
            let path = segmentPath(number) + suffix
            guard unlink(path) == 0 || errno == ENOENT else {
                throw StoreError(.io, "\(path): can not remove: \(String(cString: strerror(errno)))")
            }
        }
        try Directory.synchronize(segmentsDirectory)
    }

    /// Removes summaries whose segments are gone: a version that does not know them leaves them behind.
    func removeLeftSummaries() throws(StoreError) {
        let names = try Directory.names(segmentsDirectory)
        let segments = Set(names.compactMap(Self.number(ofFile:)))
        for name in names where name.hasSuffix(Self.summarySuffix) {
            let segment = String(name.dropLast(Self.summarySuffix.utf8.count))
            if let number = Self.number(ofFile: segment), !segments.contains(number) { unlink(summaryPath(number)) }
        }
    }

    /// Bytes that a segment's files take on disk; files that are gone take none.
    func bytesOnDisk(_ number: UInt64) -> Int64 {
        var bytes: Int64 = 0
        for suffix in Self.suffixes {
            var information = stat()
            if stat(segmentPath(number) + suffix, &information) == 0 {
                bytes += Int64(information.st_blocks) * 512
            }
        }
        return bytes
    }

    /// When a segment was made, in nanoseconds since 1970: its number is in milliseconds.
    package static func createdAt(_ number: UInt64) -> Int64 {
        let (time, isBeyond) = Int64(clamping: number).multipliedReportingOverflow(by: 1_000_000)
        return isBeyond ? .max : time
    }

    /// What is appended to the main file's name for the files that belong to it, by SQLite and by `SegmentSummary`; the
    /// main file comes first.
    static let suffixes = ["", "-wal", "-shm", summarySuffix]

    private static let summarySuffix = "-summary"

    /// The summary of a sealed segment.
    func summaryPath(_ number: UInt64) -> String { segmentPath(number) + Self.summarySuffix }

    private static let digits = 20
    private static let fileSuffix = ".segment"

    static func fileName(_ number: UInt64) -> String {
        let text = String(number)
        return String(repeating: "0", count: digits - text.count) + text + fileSuffix
    }

    private static func number(ofFile name: String) -> UInt64? {
        guard name.hasSuffix(fileSuffix), name.utf8.count == digits + fileSuffix.utf8.count else { return nil }
        let text = name.dropLast(fileSuffix.count)
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt64(text) else { return nil }
        // SQLite's integers are signed, and there must be a number after this one.
        return (1..<UInt64(Int64.max)).contains(number) ? number : nil
    }
}
