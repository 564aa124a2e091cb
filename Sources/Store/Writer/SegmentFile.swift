/// How a segment's file is opened; the same for its writer and its readers.
enum SegmentFile {
    /// Creates a segment, ready for batches. Its directory entry is not yet durable.
    static func create(path: String, pageBytes: Int) throws(StoreError) -> Connection {
        let connection = try Connection(path: path, mode: .create)
        // Must come before the first page exists. Large pages: a batch is hundreds of kB, and each page is one write.
        try connection.execute("PRAGMA page_size = \(pageBytes)")
        try configureWriter(connection)
        return connection
    }

    /// Opens an existing segment to write its seal.
    static func openForSealing(path: String) throws(StoreError) -> Connection {
        try refuseEmptied(path)
        let connection = try Connection(path: path)
        try configureWriter(connection)
        return connection
    }

    /// Opens a segment for reading only.
    /// - Throws: also `corrupt` for an empty file that has a log.
    static func openForReading(path: String) throws(StoreError) -> Connection {
        try refuseEmptied(path)
        let connection = try Connection(path: path)
        // The file must be opened for writing (a WAL's index lives in shared memory), but no statement may write.
        try connection.execute("PRAGMA query_only = ON")
        try connection.configureCommon()
        connection.expectsFittingSchema = true
        return connection
    }

    /// SQLite deletes the log of an empty main file as soon as it reads, and the log is the whole segment. A file of one
    /// byte is empty to it, too.
    private static func refuseEmptied(_ path: String) throws(StoreError) {
        // The log first: a segment's header is written before its log is made, so whoever sees a log sees a header, also
        // of a segment that is being created right now.
        guard let log = FileReader.size(path + "-wal"), log > 0, let size = FileReader.size(path), size <= 1 else {
            return
        }
        throw StoreError(.corrupt, "\(path): the file is empty, but it has a log of \(log) bytes")
    }

    private static func configureWriter(_ connection: Connection) throws(StoreError) {
        // Before the rest: a reader that looks at the new file right now makes the change of the journal mode wait.
        try connection.configureCommon()
        // A commit is one sequential append and one fdatasync.
        try connection.requireWriteAheadLog()
        // FULL: COMMIT returns after fdatasync of the WAL. NORMAL could lose the last commits on power loss.
        try connection.execute("PRAGMA synchronous = FULL")
        // Never checkpoint: the segment lives and dies as a WAL (commit p99.9 4 ms instead of 76 ms), and the WAL-reset
        // bug of SQLite 3.7.0–3.51.2 needs a checkpoint.
        try connection.execute("PRAGMA wal_autocheckpoint = 0")
        // One process writes the file, but readers take its shared locks: SQLite's default (NORMAL) locking stays.
        // Spill early rather than hold a whole group commit twice: KiB, negative by SQLite's convention.
        try connection.execute("PRAGMA cache_size = -16384")
        // No row is ever deleted, so there is nothing to overwrite; Debian builds SQLite with this on.
        try connection.execute("PRAGMA secure_delete = OFF")
    }
}
