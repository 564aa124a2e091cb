/// How far destinations are: in memory, and in rows.
extension DeliveryLedger {
    /// How far a destination is, by segment; segments without an entry are untouched.
    package func progress(of destination: DestinationID) -> [UInt64: SegmentProgress] {
        progress[destination] ?? [:]
    }

    /// Writes what changed of a segment's progress.
    /// - Parameter batches: those that the change is about.
    func save(
        _ progress: SegmentProgress, segment: UInt64, destination: DestinationID, batches: Set<Int64> = [],
        before: SegmentProgress?
    ) throws(StoreError) {
        try saveRow(progress, segment: segment, destination: destination)
        for batch in batches where progress.partial[batch] != nil || before?.partial[batch] != nil {
            try saveRanges(progress.partial[batch], batch: batch, segment: segment, destination: destination)
        }
        for number in Set(batches.map(ResolvedChunk.number(of:))) {
            // A chunk that is behind `throughBatch` for the most part may be stale: nobody looks at those bits.
            guard let chunk = progress.chunks[number] else { continue }
            let upsert = try statement(
                """
                INSERT INTO resolved_chunk (destination, segment, chunk, bits) VALUES (?, ?, ?, ?)
                ON CONFLICT (destination, segment, chunk) DO UPDATE SET bits = excluded.bits
                """)
            defer { upsert.reset() }
            try upsert.bind(1, destination.row)
            try upsert.bind(2, Int64(bitPattern: segment))
            try upsert.bind(3, number)
            try upsert.bind(4, copying: chunk.bytes)
            try upsert.run()
        }
        let first = ResolvedChunk.number(of: progress.throughBatch + 1)
        guard first > ResolvedChunk.number(of: (before?.throughBatch ?? 0) + 1) else { return }
        try connection.execute(
            """
            DELETE FROM resolved_chunk
            WHERE destination = \(destination.row) AND segment = \(Int64(bitPattern: segment)) AND chunk >= 0
                AND chunk < \(first)
            """)
        // Rows of version 2 for whole batches are behind at last.
        try connection.execute(
            """
            DELETE FROM resolved_range WHERE destination = \(destination.row) AND segment = \(Int64(bitPattern: segment))
                AND batch <= \(progress.throughBatch)
            """)
    }

    private func saveRow(
        _ progress: SegmentProgress, segment: UInt64, destination: DestinationID
    ) throws(StoreError) {
        let upsert = try statement(
            """
            INSERT INTO progress (destination, segment, through_batch, finished, delivered_events, resolved_events,
                counted, attributed)
            VALUES (?, ?, ?, ?, ?, ?, ?, 1)
            ON CONFLICT (destination, segment) DO UPDATE SET through_batch = excluded.through_batch,
                finished = excluded.finished, delivered_events = excluded.delivered_events,
                resolved_events = excluded.resolved_events, counted = excluded.counted
            """)
        defer { upsert.reset() }
        try upsert.bind(1, destination.row)
        try upsert.bind(2, Int64(bitPattern: segment))
        try upsert.bind(3, progress.throughBatch)
        try upsert.bind(4, progress.isFinished ? 1 : 0)
        try upsert.bind(5, progress.deliveredEvents)
        try upsert.bind(6, progress.resolvedEvents)
        try upsert.bind(7, progress.isCounted ? 1 : 0)
        try upsert.run()
    }

    private func saveRanges(
        _ partial: BatchProgress?, batch: Int64, segment: UInt64, destination: DestinationID
    ) throws(StoreError) {
        let delete = try statement(
            "DELETE FROM resolved_range WHERE destination = ? AND segment = ? AND batch = ?")
        defer { delete.reset() }
        try delete.bind(1, destination.row)
        try delete.bind(2, Int64(bitPattern: segment))
        try delete.bind(3, batch)
        try delete.run()
        guard let partial else { return }
        let insert = try statement(
            """
            INSERT INTO resolved_range (destination, segment, batch, first_event, event_count, batch_events)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        defer { insert.reset() }
        for range in partial.resolved {
            try insert.bind(1, destination.row)
            try insert.bind(2, Int64(bitPattern: segment))
            try insert.bind(3, batch)
            try insert.bind(4, Int64(range.lowerBound))
            try insert.bind(5, Int64(range.count))
            try insert.bind(6, Int64(partial.total))
            try insert.run()
        }
    }
}
