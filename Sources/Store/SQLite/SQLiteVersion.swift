internal import CSQLite

/// The version of the SQLite library in use.
package enum SQLiteVersion {
    /// As SQLite writes it in one number: 3.40.1 is 3040001.
    package static var number: Int { Int(sqlite3_libversion_number()) }
}
