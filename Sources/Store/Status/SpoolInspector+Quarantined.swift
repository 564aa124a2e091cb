extension SpoolInspector {
    /// The quarantined events, oldest segment first: those that the ledger keeps, and those still in segments only.
    /// - Returns: at most `limit` events.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `corrupt`, `io`.
    package func quarantined(limit: Int) throws(StoreError) -> [StoredQuarantine] {
        try requireSpool()
        var events: [StoredQuarantine] = []
        // Segments before the ledger: what is copied and unlinked meanwhile is then seen twice rather than never.
        for number in try layout.segmentNumbers() where events.count < limit {
            guard let reader = try SegmentReader.open(path: layout.segmentPath(number), number: number) else {
                continue
            }
            events += try reader.quarantined(after: 0, limit: limit - events.count).events
        }
        let seen = Set(events.map { RowKey(segment: $0.segment, row: $0.row) })
        events += try keptQuarantine(limit: limit).filter { !seen.contains(RowKey(segment: $0.segment, row: $0.row)) }
        events.sort { ($0.segment, $0.row) < ($1.segment, $1.row) }
        return Array(events.prefix(limit))
    }

    private struct RowKey: Hashable {
        let segment: UInt64
        let row: Int64
    }

    private func keptQuarantine(limit: Int) throws(StoreError) -> [StoredQuarantine] {
        guard let ledger = try LedgerFile.openForReading(path: layout.ledgerPath) else { return [] }
        // A forwarder of an older build may not have brought its ledger up yet.
        let added = try ledger.hasColumn("origin", in: "quarantined_event") ? "origin, traceparent" : "0, ''"
        let rows = try Statement(
            ledger,
            """
            SELECT segment, row, received_at, client, source, reason, detail, event_id, metadata, bytes, \(added)
            FROM quarantined_event ORDER BY segment, row LIMIT \(limit)
            """)
        var events: [StoredQuarantine] = []
        while try rows.step() {
            let stream = StreamRecord(
                client: rows.text(3), source: rows.text(4), metadata: rows.bytes(8), openedAt: rows.integer(2),
                origin: StreamRecord.Origin(rawValue: rows.integer(10)) ?? .stream, traceparent: rows.text(11))
            events.append(
                StoredQuarantine(
                    segment: UInt64(bitPattern: rows.integer(0)), row: rows.integer(1), receivedAt: rows.integer(2),
                    stream: stream, reason: rows.text(5), detail: rows.text(6), eventID: rows.bytes(7),
                    bytes: rows.bytes(9)))
        }
        return events
    }
}
