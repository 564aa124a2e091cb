/// The numbered schema files of this folder, embedded into the binary at build time.
///
/// The version of a database is the number of files applied to it (`PRAGMA user_version`). A released file never
/// changes; a new version is a new file, listed here and in `Package.swift`.
package enum EmbeddedMigrations {
    /// Schema of a spool segment, oldest version first; SQL as UTF-8.
    package static let segment: [[UInt8]] = [
        PackageResources._001_segment_sql, PackageResources._002_stream_origin_sql,
    ]

    /// Schema of the forwarder's ledger, oldest version first; SQL as UTF-8.
    package static let ledger: [[UInt8]] = [
        PackageResources._001_ledger_sql, PackageResources._002_quarantined_origin_sql,
        PackageResources._003_outcomes_sql,
    ]

    /// Schema of ingest's directory of senders, oldest version first; SQL as UTF-8.
    package static let senders: [[UInt8]] = [PackageResources._001_senders_sql]
}
