internal import Migrations

/// The numbered migrations of one kind of database, and the number that marks its files.
struct Schema: Sendable {
    /// What such a file is called in messages.
    let name: String
    /// `PRAGMA application_id`: four letters that tell our files from others.
    let applicationID: Int64
    /// SQL as UTF-8, oldest first; the version of a database is how many are applied.
    let migrations: [[UInt8]]

    /// The newest version that this build knows.
    var version: Int64 { Int64(migrations.count) }

    /// A spool segment ("TGSG").
    static let segment = Schema(name: "segment", applicationID: 0x5447_5347, migrations: EmbeddedMigrations.segment)
    /// The forwarder's ledger ("TGLD").
    static let ledger = Schema(name: "ledger", applicationID: 0x5447_4c44, migrations: EmbeddedMigrations.ledger)
    /// Ingest's directory of senders ("TGSN").
    static let senders = Schema(
        name: "directory of senders", applicationID: 0x5447_534e, migrations: EmbeddedMigrations.senders)
}
