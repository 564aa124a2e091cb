/// Batches that can not be read.
extension DeliveryLedger {
    /// Records batches that can not be read; those that are known already stay as they are.
    package func setAside(_ batches: [DamagedBatch]) throws(StoreError) {
        guard !batches.isEmpty else { return }
        let now = now()
        try write { () throws(StoreError) in
            let insert = try Statement(
                connection,
                """
                INSERT INTO damaged_batch (segment, batch, events, found_at, reason) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (segment, batch) DO NOTHING
                """)
            for batch in batches {
                try insert.bind(1, Int64(bitPattern: batch.segment))
                try insert.bind(2, batch.id)
                try insert.bind(3, batch.events)
                try insert.bind(4, now)
                try insert.bind(5, batch.reason)
                try insert.run()
            }
        }
    }

    /// Events that are set aside in a segment.
    package func damagedEvents(segment: UInt64) throws(StoreError) -> Int64 {
        try connection.integer("SELECT coalesce(sum(events), 0) FROM damaged_batch WHERE segment = \(segment)") ?? 0
    }

    /// Events of a segment that no destination can take and that the ledger keeps instead.
    package func keptEvents(segment: UInt64) throws(StoreError) -> Int64 {
        try connection.integer("SELECT count(*) FROM quarantined_event WHERE segment = \(segment) AND row < 0") ?? 0
    }

    /// Whether a segment has batches that are set aside.
    package func isDamaged(segment: UInt64) throws(StoreError) -> Bool {
        try connection.integer("SELECT 1 FROM damaged_batch WHERE segment = \(segment) LIMIT 1") != nil
    }
}
