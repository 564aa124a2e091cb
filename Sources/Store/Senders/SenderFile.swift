internal import Glibc

/// How the directory of senders is opened.
enum SenderFile {
    /// Opens or creates the file for its one writer.
    static func openForWriting(path: String) throws(StoreError) -> Connection {
        let connection = try Connection(path: path, mode: .create)
        try configureCommon(connection)
        // WAL: others read while ingest writes.
        let mode = try connection.text("PRAGMA journal_mode = WAL")
        guard mode == "wal" else {
            throw StoreError(
                .io, "\(path): the file system does not allow a WAL (journal_mode is \(mode ?? "unknown"))")
        }
        // NORMAL: no commit waits for the disk. A crash loses the newest rows and never the file's integrity.
        try connection.execute("PRAGMA synchronous = NORMAL")
        // The connection that commits also checkpoints: the WAL-reset bug of SQLite 3.7.0–3.51.2 needs two for that.
        try connection.execute("PRAGMA wal_autocheckpoint = 256")
        try connection.execute("PRAGMA journal_size_limit = 1048576")
        try connection.execute("PRAGMA secure_delete = OFF")
        try connection.execute("PRAGMA foreign_keys = ON")
        try MigrationRunner(schema: .senders).migrate(connection)
        return connection
    }

    /// Opens the file for reading only; nil when there is none yet.
    static func openForReading(path: String) throws(StoreError) -> Connection? {
        guard FileReader.exists(path) else { return nil }
        let connection = try Connection(path: path)
        try connection.execute("PRAGMA query_only = ON")
        // A reader must never checkpoint: see above.
        try connection.execute("PRAGMA wal_autocheckpoint = 0")
        try configureCommon(connection)
        return try MigrationRunner(schema: .senders).checkedVersion(connection) > 0 ? connection : nil
    }

    /// Moves a file that can not be used out of the way, and its log with it; an earlier one goes.
    static func setAside(layout: SpoolLayout) throws(StoreError) {
        for suffix in ["-wal", "-shm", ""] {
            let path = layout.sendersPath + suffix
            let target = layout.setAsideSendersPath + suffix
            if suffix == "-shm" {
                unlink(path)
                unlink(target)
                continue
            }
            guard rename(path, target) == 0 || errno == ENOENT else {
                throw StoreError(.io, "\(path): can not move to \(target): \(String(cString: strerror(errno)))")
            }
        }
    }

    private static func configureCommon(_ connection: Connection) throws(StoreError) {
        try connection.execute("PRAGMA busy_timeout = 5000")
        try connection.execute("PRAGMA mmap_size = 0")
        try connection.execute("PRAGMA temp_store = MEMORY")
        try connection.execute("PRAGMA trusted_schema = OFF")
    }
}
