/// Reads the directory of senders; ingest may be running or not. Blocking: call it from a thread that may wait.
package struct SenderReader: Sendable {
    private let layout: SpoolLayout

    /// Reads the directory of a spool.
    package init(layout: SpoolLayout) {
        self.layout = layout
    }

    /// Whether there is a directory: no ingest that keeps one has run on the spool otherwise.
    package var exists: Bool { FileReader.exists(layout.sendersPath) }

    /// The senders that are meant; none without a directory.
    /// - Throws: `newerVersion`, `corrupt`, `io`.
    package func senders(_ search: SenderSearch) throws(StoreError) -> [SenderRecord] {
        guard let connection = try SenderFile.openForReading(path: layout.sendersPath) else { return [] }
        // Row and reasons of one moment.
        try connection.execute("BEGIN")
        let condition = search.condition
        let rows = try Statement(
            connection,
            """
            SELECT \(Self.columns) FROM sender WHERE \(condition.sql)
            ORDER BY last_seen_at DESC, id LIMIT \(max(0, search.limit)) OFFSET \(max(0, search.offset))
            """)
        for (index, value) in condition.values.enumerated() { try rows.bind(Int32(index) + 1, value) }
        let reasons = try Statement(
            connection,
            "SELECT kind, reason, count, last_at FROM sender_reason WHERE sender = ? ORDER BY count DESC, reason",
            persistent: true)
        var records: [SenderRecord] = []
        while try rows.step() {
            var record = Self.record(rows)
            try reasons.bind(1, record.id)
            while try reasons.step() {
                let reason = SenderReason(
                    reason: reasons.text(1), count: reasons.integer(2), lastAt: reasons.integer(3))
                if reasons.integer(0) == 0 {
                    record.refusalsByReason.append(reason)
                } else {
                    record.quarantinedByReason.append(reason)
                }
            }
            reasons.reset()
            records.append(record)
        }
        return records
    }

    /// How many senders are meant.
    /// - Throws: `newerVersion`, `corrupt`, `io`.
    package func count(_ search: SenderSearch) throws(StoreError) -> Int64 {
        guard let connection = try SenderFile.openForReading(path: layout.sendersPath) else { return 0 }
        let condition = search.condition
        let rows = try Statement(connection, "SELECT count(*) FROM sender WHERE \(condition.sql)")
        for (index, value) in condition.values.enumerated() { try rows.bind(Int32(index) + 1, value) }
        return try rows.step() ? rows.integer(0) : 0
    }

    private static let columns = """
        id, source, client, kind, external_url, environment, version, licence_digest, licence_tags, licence_created_at,
        licence_expires_at, first_seen_at, last_seen_at, last_stream_at, last_origin, last_events_at, streams, batches,
        accepted, quarantined, duplicates, refusals, last_refusal_at, last_refusal_reason, last_refusal_code,
        last_refusal_message, last_refusal_licence
        """

    private static func record(_ row: Statement) -> SenderRecord {
        func optional(_ column: Int32) -> Int64? { row.isNull(column) ? nil : row.integer(column) }
        return SenderRecord(
            id: row.integer(0), source: row.text(1), client: row.text(2),
            kind: SenderKind(rawValue: row.text(3)) ?? .unknown, externalURL: row.text(4), environment: row.text(5),
            version: row.text(6),
            licence: row.text(7).isEmpty
                ? nil
                : SenderLicence(
                    digest: row.text(7), tags: SenderLicence.tags(stored: row.text(8)), createdAt: optional(9),
                    expiresAt: optional(10)),
            firstSeenAt: row.integer(11), lastSeenAt: row.integer(12), lastStreamAt: optional(13),
            lastOrigin: optional(14).flatMap { StreamRecord.Origin(rawValue: $0) }, lastEventsAt: optional(15),
            streams: row.integer(16), batches: row.integer(17), accepted: row.integer(18),
            quarantined: row.integer(19), duplicates: row.integer(20), refusals: row.integer(21),
            lastRefusal: optional(22).map {
                SenderRefusal(
                    at: $0, reason: row.text(23), code: row.text(24), message: row.text(25), licence: row.text(26))
            })
    }
}
