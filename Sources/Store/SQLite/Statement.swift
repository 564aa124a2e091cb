internal import CSQLite

/// One prepared statement. It belongs to its connection's thread.
final class Statement {
    private let connection: Connection
    private var handle: OpaquePointer?

    /// Prepares `sql`; `persistent` tells SQLite that it will be used many times.
    init(_ connection: Connection, _ sql: String, persistent: Bool = false) throws(StoreError) {
        self.connection = connection
        let flags = persistent ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
        let code = SQLiteCode(rawValue: sqlite3_prepare_v3(connection.handle, sql, -1, flags, &handle, nil))
        try connection.check(code, "prepare “\(sql)”")
    }

    deinit { sqlite3_finalize(handle) }

    /// Binds an integer to the parameter at `index`, counted from 1.
    func bind(_ index: Int32, _ value: Int64?) throws(StoreError) {
        let code = value.map { sqlite3_bind_int64(handle, index, $0) } ?? sqlite3_bind_null(handle, index)
        try connection.check(SQLiteCode(rawValue: code), "bind \(index)")
    }

    /// Binds a floating-point number.
    func bind(_ index: Int32, _ value: Double) throws(StoreError) {
        try connection.check(SQLiteCode(rawValue: sqlite3_bind_double(handle, index, value)), "bind \(index)")
    }

    /// Binds bytes; SQLite keeps its own copy.
    func bind(_ index: Int32, copying bytes: [UInt8]) throws(StoreError) {
        let code = bytes.withUnsafeBytes { bytes in
            bytes.isEmpty
                ? sqlite3_bind_zeroblob(handle, index, 0)
                : csqlite_bind_blob_copy(handle, index, bytes.baseAddress, UInt64(bytes.count))
        }
        try connection.check(SQLiteCode(rawValue: code), "bind \(index)")
    }

    /// Binds text; SQLite keeps its own copy.
    func bind(_ index: Int32, _ value: String) throws(StoreError) {
        let code = value.utf8CString.withUnsafeBufferPointer { text in
            csqlite_bind_text_copy(handle, index, text.baseAddress, Int32(text.count - 1))
        }
        try connection.check(SQLiteCode(rawValue: code), "bind \(index)")
    }

    /// Binds bytes without copying them: they must outlive the next `step()`, and `reset()` must follow before they go.
    func bind(_ index: Int32, borrowing bytes: UnsafeRawBufferPointer) throws(StoreError) {
        // A null pointer would bind NULL; an empty blob needs any other address.
        let code =
            bytes.count == 0
            ? sqlite3_bind_zeroblob(handle, index, 0)
            : sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), nil)
        try connection.check(SQLiteCode(rawValue: code), "bind \(index)")
    }

    /// Runs to the next row; false when there is none.
    func step() throws(StoreError) -> Bool {
        let code = SQLiteCode(rawValue: sqlite3_step(handle))
        switch code {
        case .row: return true
        case .done: return false
        default:
            let error = connection.error(code, "step “\(sql)”")
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs a statement that returns no rows, then makes it ready for the next use.
    func run() throws(StoreError) {
        _ = try step()
        reset()
    }

    /// Makes the statement ready for the next use and lets go of borrowed bytes.
    func reset() {
        // The result repeats the error of the last step, which was thrown there.
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }

    /// The integer at a column, counted from 0; NULL is 0.
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    /// The floating-point number at a column; NULL is 0.
    func real(_ column: Int32) -> Double { sqlite3_column_double(handle, column) }

    /// Whether a column is NULL.
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// The text at a column; NULL is empty.
    func text(_ column: Int32) -> String {
        guard let pointer = sqlite3_column_text(handle, column) else { return "" }
        let bytes = UnsafeBufferPointer(start: pointer, count: Int(sqlite3_column_bytes(handle, column)))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Lends the bytes at a column to `body`; they are gone after it.
    func withBytes<Result, Failure: Error>(
        _ column: Int32, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let pointer = sqlite3_column_blob(handle, column)
        return try body(UnsafeRawBufferPointer(start: pointer, count: Int(sqlite3_column_bytes(handle, column))))
    }

    /// A copy of the bytes at a column.
    func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { [UInt8]($0) } }

    private var sql: String { sqlite3_sql(handle).map { String(cString: $0) } ?? "" }
}
