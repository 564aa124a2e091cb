internal import CSQLite
internal import Glibc

/// One connection to one SQLite file. Not Sendable: it belongs to the thread that opened it.
final class Connection {
    /// How a connection treats the file.
    struct Mode: OptionSet {
        let rawValue: Int32
        /// May create the file.
        static let create = Mode(rawValue: SQLITE_OPEN_CREATE)
    }

    /// The handle for SQLite's own calls; valid until `close()`.
    private(set) var handle: OpaquePointer?
    /// The file, for error messages.
    let path: String
    /// Whether a statement that SQLite does not understand tells of a damaged schema: all that are run on the file fit
    /// every version that is read.
    var expectsFittingSchema = false
    /// What to do about values in the file that no build has written; nil where a statement that SQLite refuses for its
    /// values is a defect of this software.
    var adviceOnDamage: String?

    /// Opens the file.
    /// - Throws: `unwritable`, `corrupt` or `io` with the path and SQLite's own text.
    init(path: String, mode: Mode = []) throws(StoreError) {
        self.path = path
        // NOMUTEX: confined to one thread. EXRESCODE: tell ENOSPC from EIO. NOFOLLOW: a spool file is never a link.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW
        let code = SQLiteCode(rawValue: sqlite3_open_v2(path, &handle, flags | mode.rawValue, nil))
        guard code == .ok else {
            let error = error(code, "open")
            sqlite3_close_v2(handle)
            handle = nil
            throw error
        }
        // A closing connection must never checkpoint: segments live and die as a WAL, and the ledger's own thread
        // decides when to checkpoint.
        try check(
            SQLiteCode(rawValue: csqlite_db_config_int(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nil)),
            "disable checkpoint on close")
    }

    deinit { close() }

    /// Closes the connection; later calls fail with `misuse`.
    func close() {
        sqlite3_close_v2(handle)
        handle = nil
    }

    /// Runs SQL that returns no rows.
    func execute(_ sql: String) throws(StoreError) {
        try check(SQLiteCode(rawValue: sqlite3_exec(handle, sql, nil, nil, nil)), sql)
    }

    /// Runs SQL and returns the first column of its first row, or nil without rows.
    func integer(_ sql: String) throws(StoreError) -> Int64? {
        let statement = try Statement(self, sql)
        return try statement.step() ? statement.integer(0) : nil
    }

    /// Runs SQL and returns the first column of its first row as text, or nil without rows.
    func text(_ sql: String) throws(StoreError) -> String? {
        let statement = try Statement(self, sql)
        return try statement.step() ? statement.text(0) : nil
    }

    /// Whether a table has a column: the file itself tells what it holds, even when the version in its header is damaged.
    func hasColumn(_ column: String, in table: String) throws(StoreError) -> Bool {
        try integer("SELECT 1 FROM pragma_table_info('\(table)') WHERE name = '\(column)'") != nil
    }

    /// Whether there is a table of this name.
    func hasTable(_ table: String) throws(StoreError) -> Bool {
        try integer("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '\(table)'") != nil
    }

    /// How many rows the last statement changed.
    var changes: Int64 { sqlite3_changes64(handle) }

    /// Whether the file that this connection writes is no longer the one at its path, or has lost its log.
    func hasMoved() -> Bool {
        var moved: Int32 = 0
        guard sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK else { return false }
        return moved != 0
    }

    /// Runs `body` between `BEGIN IMMEDIATE` and `COMMIT`, and rolls back when either throws.
    func transaction<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        // IMMEDIATE: a deferred transaction that reads first can fail with BUSY_SNAPSHOT, which no wait mends.
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // Some failures (FULL, IOERR) have already rolled back; then this has nothing to do and its code says so.
            if sqlite3_get_autocommit(handle) == 0 { sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
            throw error
        }
    }

    /// How many frames of the write-ahead log this connection can read, once it has read something.
    func readableLogFrames() throws(StoreError) -> Int {
        var frames: UInt32 = 0
        try check(SQLiteCode(rawValue: csqlite_log_frames(handle, &frames)), "read the WAL index")
        return Int(frames)
    }

    /// Throws unless `code` is OK.
    func check(_ code: SQLiteCode, _ action: @autoclosure () -> String) throws(StoreError) {
        if code != .ok { throw error(code, action()) }
    }

    /// The error for a failed call, with SQLite's own text and the operating system's error number.
    func error(_ code: SQLiteCode, _ action: String) -> StoreError {
        let systemError = systemError(code)
        // SQLite reports a full disk in the middle of a WAL write as an I/O error on some paths. But a failed fsync never
        // counts as full: what it was to make durable may be written or not.
        let isFull = (systemError == ENOSPC || systemError == EDQUOT) && !code.isFailedSync
        // Sums that overflow are a plain error; what does not fit its column or its keys is a constraint.
        let advice = code == .error || code.primary == .constraint ? adviceOnDamage : nil
        let isUnfit = expectsFittingSchema && code == .error || advice != nil
        let storeCode: StoreError.Code = isFull ? .full : isUnfit ? .corrupt : code.storeCode
        let system = systemError == 0 ? "" : ", errno \(systemError) (\(String(cString: strerror(systemError))))"
        let text = String(cString: sqlite3_errmsg(handle))
        return StoreError(
            storeCode,
            "\(path): \(action): \(text) (SQLite code \(code.rawValue)\(system))" + (advice.map { ": \($0)" } ?? ""))
    }

    /// The operating system's error number behind a failure, 0 when there is none.
    private func systemError(_ code: SQLiteCode) -> Int32 {
        // SQLite keeps the number of the last failed call: after any other kind of failure it is an old one.
        guard code.concernsSystem else { return 0 }
        // Of a commit that fails, only the log's own file knows the number.
        var log: UnsafeMutablePointer<sqlite3_file>?
        var number: Int32 = 0
        guard code.primary == .ioError,
            sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK, let log,
            let methods = log.pointee.pMethods,
            methods.pointee.xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number) == SQLITE_OK, number != 0
        else { return sqlite3_system_errno(handle) }
        return number
    }
}
