internal import CSQLite

/// A result code of SQLite, primary or extended.
struct SQLiteCode: RawRepresentable, Hashable, Sendable {
    let rawValue: Int32

    static let ok = SQLiteCode(rawValue: SQLITE_OK)
    static let error = SQLiteCode(rawValue: SQLITE_ERROR)
    static let row = SQLiteCode(rawValue: SQLITE_ROW)
    static let done = SQLiteCode(rawValue: SQLITE_DONE)
    static let full = SQLiteCode(rawValue: SQLITE_FULL)
    static let ioError = SQLiteCode(rawValue: SQLITE_IOERR)
    /// Extended codes are macros with casts, which Swift does not import: SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC.
    static let ioErrorSync = SQLiteCode(rawValue: SQLITE_IOERR | 4 << 8)
    static let ioErrorDirectorySync = SQLiteCode(rawValue: SQLITE_IOERR | 5 << 8)
    static let corrupt = SQLiteCode(rawValue: SQLITE_CORRUPT)
    static let notADatabase = SQLiteCode(rawValue: SQLITE_NOTADB)
    static let cannotOpen = SQLiteCode(rawValue: SQLITE_CANTOPEN)
    static let readOnly = SQLiteCode(rawValue: SQLITE_READONLY)
    static let permission = SQLiteCode(rawValue: SQLITE_PERM)
    static let constraint = SQLiteCode(rawValue: SQLITE_CONSTRAINT)
    static let busy = SQLiteCode(rawValue: SQLITE_BUSY)

    /// The low byte, which names the family of an extended code.
    var primary: SQLiteCode { SQLiteCode(rawValue: rawValue & 0xff) }

    /// Whether the operating system refused, so that its error number belongs to this code.
    var concernsSystem: Bool { primary == .ioError || primary == .cannotOpen }

    /// Whether an fsync failed, of a file or of its directory.
    var isFailedSync: Bool { self == .ioErrorSync || self == .ioErrorDirectorySync }

    /// A primary code matches every extended code of its family.
    static func ~= (pattern: SQLiteCode, code: SQLiteCode) -> Bool {
        pattern.rawValue == pattern.primary.rawValue ? pattern == code.primary : pattern == code
    }

    /// What a caller of the store should decide on.
    var storeCode: StoreError.Code {
        switch self {
        case .full: .full
        case .ioError: .io
        case .corrupt, .notADatabase: .corrupt
        case .cannotOpen, .readOnly, .permission: .unwritable
        default: .misuse
        }
    }
}
