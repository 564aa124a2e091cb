/// Quarantined events of ingest, which outlive their segments here.
extension DeliveryLedger {
    /// Copies quarantined events into the ledger, before their segment goes; those that are there already stay.
    /// - Throws: `full` when `maximumQuarantineBytes` would be passed: the segment must stay.
    package func keep(_ events: [StoredQuarantine]) throws(StoreError) {
        let stored = try connection.integer("SELECT value FROM total WHERE name = 'quarantined_bytes'") ?? 0
        // A damaged number must not keep its segment on disk, nor trap.
        let now = stored >> 53 == 0 ? stored : 0
        let added = events.reduce(into: Int64(0)) { $0 += Int64($1.bytes.count + $1.stream.metadata.count) }
        guard now + added <= Self.maximumQuarantineBytes else {
            throw StoreError(
                .full,
                "\(connection.path): \(now) bytes of quarantined events are kept and \(added) more would pass the limit of "
                    + "\(Self.maximumQuarantineBytes): export and remove some; until then their segment stays on disk")
        }
        try write { () throws(StoreError) in
            let insert = try Statement(
                connection,
                """
                INSERT INTO quarantined_event
                    (segment, row, received_at, client, source, reason, detail, event_id, metadata, bytes, origin,
                     traceparent)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (segment, row) DO NOTHING RETURNING id
                """)
            var bytes: Int64 = 0
            for event in events {
                if try isPurged(event) { continue }
                guard try insertQuarantined(event, insert) else { continue }
                bytes += Int64(event.bytes.count + event.stream.metadata.count)
            }
            try add(bytes, to: "quarantined_bytes")
        }
    }

    private func isPurged(_ event: StoredQuarantine) throws(StoreError) -> Bool {
        try connection.integer(
            """
            SELECT 1 FROM purged_quarantine WHERE segment = \(Int64(bitPattern: event.segment)) AND row = \(event.row)
            """) != nil
    }

    private func insertQuarantined(_ event: StoredQuarantine, _ insert: Statement) throws(StoreError) -> Bool {
        defer { insert.reset() }
        try insert.bind(1, Int64(bitPattern: event.segment))
        try insert.bind(2, event.row)
        try insert.bind(3, event.receivedAt)
        try insert.bind(4, event.stream.client)
        try insert.bind(5, event.stream.source)
        try insert.bind(6, event.reason)
        try insert.bind(7, event.detail)
        try insert.bind(11, event.stream.origin.rawValue)
        try insert.bind(12, event.stream.traceparent)
        return try event.eventID.withUnsafeBufferPointer { (id) throws(StoreError) in
            try event.stream.metadata.withUnsafeBufferPointer { (metadata) throws(StoreError) in
                try event.bytes.withUnsafeBufferPointer { (bytes) throws(StoreError) in
                    try insert.bind(8, borrowing: UnsafeRawBufferPointer(id))
                    try insert.bind(9, borrowing: UnsafeRawBufferPointer(metadata))
                    try insert.bind(10, borrowing: UnsafeRawBufferPointer(bytes))
                    return try insert.step()
                }
            }
        }
    }
}
