/// The events that ingest could not accept.
extension SegmentReader {
    private typealias Row = (batch: Int64, record: QuarantineRecord?)

    /// Quarantined events after a row: at most `limit` rows, whole or damaged.
    func quarantined(
        after row: Int64, limit: Int
    ) throws(StoreError) -> (events: [StoredQuarantine], damaged: [DamagedBatch], last: Int64) {
        var result: (events: [StoredQuarantine], damaged: [DamagedBatch], last: Int64) = ([], [], row)
        let select = try Statement(
            connection,
            "SELECT batch, start, length, reason, detail, checksum, event_id FROM quarantine WHERE id = ?")
        var known: StoredBatch?
        // By number, for the writer leaves no gaps: one damaged page hides the rows on it and no other.
        let newest = try newestQuarantined()
        while result.last < newest, result.last - row < Int64(limit) {
            result.last += 1
            let stored =
                try passingDamage { () throws(StoreError) in try quarantineRow(select, result.last) } ?? (0, nil)
            if known?.id != stored.batch {
                known = try passingDamage { () throws(StoreError) in try batch(stored.batch) }
            }
            guard let record = stored.record, let known, let bytes = Self.bytes(of: record, in: known),
                let stream = try passingDamage({ () throws(StoreError) in try stream(known.stream) })
            else {
                result.damaged.append(
                    DamagedBatch(
                        segment: number, id: stored.batch, events: 0,
                        reason: "its quarantined event in row \(result.last) can not be read"))
                continue
            }
            result.events.append(
                StoredQuarantine(
                    segment: number, row: result.last, receivedAt: known.receivedAt, stream: stream.record,
                    reason: record.reason, detail: record.detail, eventID: record.eventID, bytes: bytes))
        }
        return result
    }

    /// Readable quarantined events before a row: those of at most `limit` rows, the first one first.
    func quarantined(before row: Int64, limit: Int) throws(StoreError) -> [StoredQuarantine] {
        // By what is there, not by what the seal claims: a damaged one may name any number.
        let newest = try passingDamage { () throws(StoreError) in
            try connection.integer("SELECT max(id) FROM quarantine")
        }
        var end = min(row, (newest ?? 0) + 1)
        while end > 1 {
            let start = max(0, end - 1 - Int64(limit))
            let events = try quarantined(after: start, limit: Int(end - 1 - start)).events
            // A stretch that is damaged all over is stepped across.
            if !events.isEmpty { return events }
            end = start + 1
        }
        return []
    }

    /// One row, without its record when that does not add up.
    private func quarantineRow(_ select: Statement, _ row: Int64) throws(StoreError) -> Row? {
        defer { select.reset() }
        try select.bind(1, row)
        guard try select.step() else { return nil }
        guard let offset = Int(exactly: select.integer(1)), let length = Int(exactly: select.integer(2)) else {
            return nil
        }
        let record = QuarantineRecord(
            offset: offset, length: length, reason: select.text(3), detail: select.text(4), eventID: select.bytes(6))
        let batch = select.integer(0)
        return (batch, Int64(record.checksum(batch: batch)) == select.integer(5) ? record : nil)
    }

    /// The highest row that the segment is known to have.
    private func newestQuarantined() throws(StoreError) -> Int64 {
        let sealed = try passingDamage { () throws(StoreError) in try sealedTotals() }?.quarantined ?? 0
        let stored = try passingDamage { () throws(StoreError) in
            try connection.integer("SELECT max(id) FROM quarantine")
        }
        return max(sealed, stored ?? 0)
    }

    private func passingDamage<Result>(_ body: () throws(StoreError) -> Result?) throws(StoreError) -> Result? {
        do {
            return try body()
        } catch {
            guard error.code == .corrupt else { throw error }
            return nil
        }
    }

    private static func bytes(of record: QuarantineRecord, in batch: StoredBatch) -> [UInt8]? {
        guard record.offset >= 0, record.length >= 0, record.offset <= batch.payload.count,
            record.length <= batch.payload.count - record.offset
        else { return nil }
        return Array(batch.payload[record.offset..<(record.offset + record.length)])
    }
}
