/// How the ledger's file is opened.
enum LedgerFile {
    /// Pages in the ledger's WAL after which a commit checkpoints.
    static let checkpointPages = 1000
    /// What to do about a ledger whose values make no sense.
    static let adviceOnDamage =
        "a value in the ledger is out of range, so it is damaged: stop the forwarder, keep a copy of the spool directory, "
        + "save what `gatewayctl dead-letters export` still reads, and put an older copy of the ledger back or remove it "
        + "with its -wal: without it everything in the spool is delivered once more"

    /// Opens or creates the ledger for its one writer, and brings it to the newest version.
    static func openForWriting(path: String) throws(StoreError) -> Connection {
        let connection = try Connection(path: path, mode: .create)
        connection.adviceOnDamage = adviceOnDamage
        try connection.configureCommon()
        try connection.execute("PRAGMA page_size = 4096")
        // `gatewayctl` reads while the forwarder writes.
        try connection.requireWriteAheadLog()
        // FULL: a segment is unlinked because the ledger says so, so what it says must survive a power loss.
        try connection.execute("PRAGMA synchronous = FULL")
        // The connection that commits also checkpoints, on the same thread: the WAL-reset bug of SQLite 3.7.0–3.51.2
        // needs two connections for that.
        try connection.execute("PRAGMA wal_autocheckpoint = \(checkpointPages)")
        // A WAL that once grew is cut back, in bytes.
        try connection.execute("PRAGMA journal_size_limit = 16777216")
        // Deleted rows are no secrets, and overwriting them doubles the writes.
        try connection.execute("PRAGMA secure_delete = OFF")
        // Freed pages are used again; the ledger is small.
        try connection.execute("PRAGMA auto_vacuum = NONE")
        try connection.execute("PRAGMA foreign_keys = ON")
        try MigrationRunner(schema: .ledger).migrate(connection)
        return connection
    }

    /// Opens the ledger for reading only; nil when there is none yet.
    static func openForReading(path: String) throws(StoreError) -> Connection? {
        try Connection.openForReading(path: path, schema: .ledger, advice: adviceOnDamage)
    }
}
