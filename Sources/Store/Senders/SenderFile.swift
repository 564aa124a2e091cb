internal import Glibc

/// How the directory of senders is opened.
enum SenderFile {
    /// Opens or creates the file for its one writer.
    static func openForWriting(path: String) throws(StoreError) -> Connection {
        let connection = try Connection(path: path, mode: .create)
        try connection.configureCommon()
        // Others read while ingest writes.
        try connection.requireWriteAheadLog()
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
        try Connection.openForReading(path: path, schema: .senders)
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
}
