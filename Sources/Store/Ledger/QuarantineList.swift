/// The events that ingest has quarantined: those that the ledger keeps, and those still in segments only.
struct QuarantineList {
    private static let page = 256

    let layout: SpoolLayout
    /// nil before the first forwarder.
    let ledger: Connection?

    /// Shows the events that are meant, oldest segment first, until `visit` returns false.
    func visit(
        _ filter: DeadLetterFilter, _ visit: (StoredQuarantine) throws(StoreError) -> Bool
    ) throws(StoreError) {
        guard !filter.excludesQuarantine else { return }
        // Segments before the ledger: what is copied and unlinked meanwhile is then seen twice rather than never.
        let onDisk = try layout.segmentNumbers()
        let kept = try keptSegments()
        for segment in Set(onDisk).union(kept).sorted() {
            guard try self.visit(segment, isOnDisk: onDisk.contains(segment), filter, visit) else { return }
        }
    }

    /// The same from the newest segment to the oldest, and in each from the last row to the first.
    /// - Parameter place: begins before this row; nil for the end.
    func visitNewestFirst(
        _ filter: DeadLetterFilter, before place: (segment: UInt64, row: Int64)?,
        _ visit: (StoredQuarantine) throws(StoreError) -> Bool
    ) throws(StoreError) {
        guard !filter.excludesQuarantine else { return }
        let onDisk = try layout.segmentNumbers()
        let kept = try keptSegments()
        for segment in Set(onDisk).union(kept).sorted(by: >) where segment <= place?.segment ?? .max {
            var last = segment == place?.segment ? place?.row ?? .max : .max
            while true {
                let events = try page(segment, before: last, isOnDisk: onDisk.contains(segment))
                guard let first = events.last else { break }
                last = first.row
                for event in events where filter.matches(event) {
                    if try isPurged(event) { continue }
                    guard try visit(event) else { return }
                }
            }
        }
    }

    /// Some of a segment's events before a row, the last one first: as the ledger keeps them, else as they lie on disk.
    private func page(
        _ segment: UInt64, before row: Int64, isOnDisk: Bool
    ) throws(StoreError) -> [StoredQuarantine] {
        var events: [Int64: StoredQuarantine] = [:]
        if isOnDisk {
            do throws(StoreError) {
                if let reader = try SegmentReader.open(path: layout.segmentPath(segment), number: segment) {
                    for event in try reader.quarantined(before: row, limit: Self.page) { events[event.row] = event }
                }
            } catch {
                guard error.code == .corrupt || !FileReader.exists(layout.segmentPath(segment)) else { throw error }
            }
        }
        var last = row
        for _ in 0..<Self.page {
            guard let event = try kept(segment, before: last) else { break }
            last = event.row
            events[last] = event
        }
        return events.values.sorted { $0.row > $1.row }
    }

    private func visit(
        _ segment: UInt64, isOnDisk: Bool, _ filter: DeadLetterFilter,
        _ visit: (StoredQuarantine) throws(StoreError) -> Bool
    ) throws(StoreError) -> Bool {
        var seen: Set<Int64> = []
        var last = Int64.min
        while let event = try kept(segment, after: last) {
            last = event.row
            seen.insert(event.row)
            if filter.matches(event), try !visit(event) { return false }
        }
        guard isOnDisk else { return true }
        var row: Int64 = 0
        do throws(StoreError) {
            guard let reader = try SegmentReader.open(path: layout.segmentPath(segment), number: segment) else {
                return true
            }
            while true {
                let page = try reader.quarantined(after: row, limit: Self.page)
                guard page.last > row else { return true }
                row = page.last
                for event in page.events where !seen.contains(event.row) {
                    guard filter.matches(event) else { continue }
                    if try isPurged(event) { continue }
                    guard try visit(event) else { return false }
                }
            }
        } catch {
            // Gone meanwhile, or damaged: the forwarder sets aside what it can not read.
            guard error.code == .corrupt || !FileReader.exists(layout.segmentPath(segment)) else { throw error }
            return true
        }
    }

    private func keptSegments() throws(StoreError) -> Set<UInt64> {
        guard let ledger else { return [] }
        let rows = try Statement(ledger, "SELECT DISTINCT segment FROM quarantined_event")
        var segments: Set<UInt64> = []
        while try rows.step() { segments.insert(UInt64(bitPattern: rows.integer(0))) }
        return segments
    }

    /// The next one of a segment; one at a time, for events may be large and whoever visits may change the table.
    private func kept(_ segment: UInt64, after row: Int64) throws(StoreError) -> StoredQuarantine? {
        try kept(segment, "row > \(row) ORDER BY row")
    }

    private func kept(_ segment: UInt64, before row: Int64) throws(StoreError) -> StoredQuarantine? {
        try kept(segment, "row < \(row) ORDER BY row DESC")
    }

    private func kept(_ segment: UInt64, _ which: String) throws(StoreError) -> StoredQuarantine? {
        guard let ledger else { return nil }
        // A forwarder of an older build may not have brought its ledger up yet.
        let added = try ledger.hasColumn("origin", in: "quarantined_event") ? "origin, traceparent" : "0, ''"
        let rows = try Statement(
            ledger,
            """
            SELECT segment, row, received_at, client, source, reason, detail, event_id, metadata, bytes, \(added)
            FROM quarantined_event WHERE segment = \(Int64(bitPattern: segment)) AND \(which) LIMIT 1
            """)
        guard try rows.step() else { return nil }
        let stream = StreamRecord(
            client: rows.text(3), source: rows.text(4), metadata: rows.bytes(8), openedAt: rows.integer(2),
            origin: StreamRecord.Origin(rawValue: rows.integer(10)) ?? .stream, traceparent: rows.text(11))
        return StoredQuarantine(
            segment: segment, row: rows.integer(1), receivedAt: rows.integer(2), stream: stream, reason: rows.text(5),
            detail: rows.text(6), eventID: rows.bytes(7), bytes: rows.bytes(9))
    }

    private func isPurged(_ event: StoredQuarantine) throws(StoreError) -> Bool {
        guard let ledger, try ledger.hasTable("purged_quarantine") else { return false }
        return try ledger.integer(
            """
            SELECT 1 FROM purged_quarantine WHERE segment = \(Int64(bitPattern: event.segment)) AND row = \(event.row)
            """) != nil
    }
}
