/// What every database of a spool is opened with: segments, ledger and directory of senders.
extension Connection {
    /// The settings that no kind of database does without.
    func configureCommon() throws(StoreError) {
        // A lock is held for milliseconds, but it can be met by the first statement already; in ms.
        try execute("PRAGMA busy_timeout = 5000")
        // Memory-mapped reading turns a device error into SIGBUS.
        try execute("PRAGMA mmap_size = 0")
        // Temporary results must not need space on a full disk.
        try execute("PRAGMA temp_store = MEMORY")
        // A schema from a damaged file must not call functions.
        try execute("PRAGMA trusted_schema = OFF")
    }

    /// Keeps changes in a write-ahead log: readers never block the writer.
    /// - Throws: `io` where the file system does not allow one.
    func requireWriteAheadLog() throws(StoreError) {
        let mode = try text("PRAGMA journal_mode = WAL")
        guard mode == "wal" else {
            throw StoreError(
                .io, "\(path): the file system does not allow a WAL (journal_mode is \(mode ?? "unknown"))")
        }
    }

    /// Opens a database that another process may write, for reading only; nil when there is none yet.
    /// - Parameter advice: what to do about values that no build has written.
    static func openForReading(
        path: String, schema: Schema, advice: String? = nil
    ) throws(StoreError) -> Connection? {
        guard FileReader.exists(path) else { return nil }
        let connection = try Connection(path: path)
        connection.adviceOnDamage = advice
        try connection.execute("PRAGMA query_only = ON")
        // A reader must never checkpoint: only the connection that commits does, for the WAL-reset bug of SQLite
        // 3.7.0–3.51.2 needs two.
        try connection.execute("PRAGMA wal_autocheckpoint = 0")
        try connection.configureCommon()
        return try MigrationRunner(schema: schema).checkedVersion(connection) > 0 ? connection : nil
    }
}
