/// The version of one file of a spool.
package struct SpoolFileVersion: Sendable, Hashable {
    /// The kinds of files that builds must be able to read.
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// One segment of events.
        case segment
        /// The forwarder's database.
        case ledger

        var schema: Schema {
            switch self {
            case .segment: .segment
            case .ledger: .ledger
            }
        }
    }

    /// What kind of file it is.
    package let kind: Kind
    /// Its path below the spool directory.
    package let name: String
    /// The version of its schema; 0 for a file that was just made. Nil when it can not be told.
    package let version: Int64?
    /// Why the version can not be told; nil when it can.
    package let problem: String?

    /// Makes a version.
    package init(kind: Kind, name: String, version: Int64?, problem: String? = nil) {
        self.kind = kind
        self.name = name
        self.version = version
        self.problem = problem
    }
}
