/// The forwarder's memory of what is delivered where: its own database, on a thread of its own, fsynced by each call
/// that records something. Losing its tail may deliver twice; it can never lose an event.
package actor DeliveryLedger {
    /// Quarantined events are kept in the ledger up to this many bytes; beyond, their segments stay on disk.
    package static let maximumQuarantineBytes: Int64 = 1 << 30

    private let executor: ThreadExecutor
    private let lock: ProcessLock
    private let now: @Sendable () -> Int64
    private let connection: Connection
    private var progress: [DestinationID: [UInt64: SegmentProgress]] = [:]

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Takes the forwarder lock and opens the ledger, creating it when it is missing.
    /// - Throws: `locked`, `newerVersion`, `unwritable`, `corrupt` or `io`.
    package static func open(
        layout: SpoolLayout, now: @escaping @Sendable () -> Int64
    ) async throws(StoreError) -> DeliveryLedger {
        try layout.create()
        let lock = try ProcessLock.acquire(path: layout.forwarderLockPath, role: "forwarder")
        let executor = try ThreadExecutor(name: "ledger")
        return try DeliveryLedger(layout: layout, lock: lock, executor: executor, now: now)
    }

    // The connection is opened by the caller's thread and used by the executor's from then on: never by two at once.
    private init(
        layout: SpoolLayout, lock: ProcessLock, executor: ThreadExecutor, now: @escaping @Sendable () -> Int64
    ) throws(StoreError) {
        self.executor = executor
        self.lock = lock
        self.now = now
        connection = try LedgerFile.openForWriting(path: layout.ledgerPath)
        // The ledger's directory entry must survive a power loss, or its first deliveries are forgotten.
        try Directory.synchronize(layout.root)
    }

    /// The destination's row, made when the name is new.
    package func register(destination name: String) throws(StoreError) -> DestinationID {
        let insert = try Statement(
            connection, "INSERT INTO destination (name, added_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING")
        try insert.bind(1, name)
        try insert.bind(2, now())
        try insert.run()
        let select = try Statement(connection, "SELECT id FROM destination WHERE name = ?")
        try select.bind(1, name)
        _ = try select.step()
        let destination = DestinationID(row: select.integer(0))
        progress[destination] = try loadProgress(destination)
        return destination
    }

    /// How far a destination is, by segment; segments without an entry are untouched.
    package func progress(of destination: DestinationID) -> [UInt64: SegmentProgress] {
        progress[destination] ?? [:]
    }

    /// Records resolved events, in one transaction; when it returns they are durable.
    /// - Parameters:
    ///   - resolutions: in any order; events that already were resolved count once.
    ///   - deliveredBytes: message bytes that the destination took, for the totals.
    package func record(
        _ resolutions: [Resolution], at destination: DestinationID, deliveredBytes: Int64
    ) throws(StoreError) {
        var next = progress[destination] ?? [:]
        var delivered: Int64 = 0
        var touched: Set<UInt64> = []
        for resolution in resolutions {
            delivered += Int64(
                next[resolution.segment, default: SegmentProgress()].resolve(
                    batch: resolution.batch, events: resolution.events, total: resolution.batchEvents))
            touched.insert(resolution.segment)
        }
        try connection.transaction { () throws(StoreError) in
            for segment in touched {
                if let progress = next[segment] { try save(progress, segment: segment, destination: destination) }
            }
            guard delivered > 0 else { return }
            try connection.execute(
                """
                UPDATE destination SET delivered_events = delivered_events + \(delivered),
                    delivered_bytes = delivered_bytes + \(deliveredBytes), last_delivery_at = \(now())
                WHERE id = \(destination.row)
                """)
        }
        progress[destination] = next
    }

    /// Records that a destination has resolved a whole segment.
    package func finish(segment: UInt64, at destination: DestinationID) throws(StoreError) {
        var next = progress[destination]?[segment] ?? SegmentProgress()
        next.isFinished = true
        let finished = next
        try connection.transaction { () throws(StoreError) in
            try save(finished, segment: segment, destination: destination)
        }
        progress[destination, default: [:]][segment] = finished
    }

    /// Records batches that can not be read; those that are known already stay as they are.
    package func setAside(_ batches: [DamagedBatch]) throws(StoreError) {
        guard !batches.isEmpty else { return }
        let now = now()
        try connection.transaction { () throws(StoreError) in
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

    /// Copies quarantined events into the ledger, before their segment goes; those that are there already stay.
    /// - Throws: `full` when `maximumQuarantineBytes` would be passed: the segment must stay.
    package func keep(_ events: [StoredQuarantine]) throws(StoreError) {
        let now = try connection.integer("SELECT value FROM total WHERE name = 'quarantined_bytes'") ?? 0
        let added = events.reduce(into: Int64(0)) { $0 += Int64($1.bytes.count + $1.stream.metadata.count) }
        guard now + added <= Self.maximumQuarantineBytes else {
            throw StoreError(
                .full,
                "\(connection.path): \(now) bytes of quarantined events are kept and \(added) more would pass the limit of "
                    + "\(Self.maximumQuarantineBytes): export and remove some; until then their segment stays on disk")
        }
        try connection.transaction { () throws(StoreError) in
            let insert = try Statement(
                connection,
                """
                INSERT INTO quarantined_event
                    (segment, row, received_at, client, source, reason, detail, event_id, metadata, bytes, origin,
                     traceparent)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (segment, row) DO NOTHING RETURNING id
                """)
            var bytes: Int64 = 0
            for event in events where try insertQuarantined(event, insert) {
                bytes += Int64(event.bytes.count + event.stream.metadata.count)
            }
            try add(bytes, to: "quarantined_bytes")
        }
    }

    /// Records that a segment is done with everywhere: from now on its files may go, and only then.
    package func close(segment: UInt64, totals: SegmentTotals) throws(StoreError) {
        let now = now()
        try connection.transaction { () throws(StoreError) in
            try connection.execute(
                "INSERT INTO finished_segment (segment, finished_at) VALUES (\(segment), \(now)) ON CONFLICT DO NOTHING"
            )
            try connection.execute("DELETE FROM progress WHERE segment = \(segment)")
            try connection.execute("DELETE FROM resolved_range WHERE segment = \(segment)")
            try add(1, to: "finished_segments")
            try add(totals.events, to: "finished_events")
            try add(totals.quarantined, to: "finished_quarantined")
        }
        for destination in progress.keys { progress[destination]?[segment] = nil }
    }

    /// Segments whose files may go.
    package func closedSegments() throws(StoreError) -> [UInt64] {
        let select = try Statement(connection, "SELECT segment FROM finished_segment ORDER BY segment")
        var segments: [UInt64] = []
        while try select.step() { segments.append(UInt64(bitPattern: select.integer(0))) }
        return segments
    }

    /// Forgets a segment whose files are gone.
    package func forget(segment: UInt64) throws(StoreError) {
        try connection.execute("DELETE FROM finished_segment WHERE segment = \(segment)")
    }

    /// Moves everything into the main file and lets go of the lock. Nothing may be called after it.
    package func shutdown() throws(StoreError) {
        defer {
            connection.close()
            lock.release()
        }
        try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    private func save(
        _ progress: SegmentProgress, segment: UInt64, destination: DestinationID
    ) throws(StoreError) {
        try connection.execute(
            """
            INSERT INTO progress (destination, segment, through_batch, finished, delivered_events)
            VALUES (\(destination.row), \(segment), \(progress.throughBatch), \(progress.isFinished ? 1 : 0),
                \(progress.deliveredEvents))
            ON CONFLICT (destination, segment) DO UPDATE SET through_batch = excluded.through_batch,
                finished = excluded.finished, delivered_events = excluded.delivered_events
            """)
        try connection.execute(
            "DELETE FROM resolved_range WHERE destination = \(destination.row) AND segment = \(segment)")
        for (batch, partial) in progress.partial {
            // A batch without events has no range, and still has to be known as resolved.
            for range in partial.total == 0 ? [0..<0] : partial.resolved {
                try connection.execute(
                    """
                    INSERT INTO resolved_range (destination, segment, batch, first_event, event_count, batch_events)
                    VALUES (\(destination.row), \(segment), \(batch), \(range.lowerBound), \(range.count), \(partial.total))
                    """)
            }
        }
    }

    private func loadProgress(_ destination: DestinationID) throws(StoreError) -> [UInt64: SegmentProgress] {
        var result: [UInt64: SegmentProgress] = [:]
        let rows = try Statement(
            connection,
            "SELECT segment, through_batch, finished, delivered_events FROM progress WHERE destination = ?")
        try rows.bind(1, destination.row)
        while try rows.step() {
            result[UInt64(bitPattern: rows.integer(0))] = SegmentProgress(
                throughBatch: rows.integer(1), deliveredEvents: rows.integer(3), isFinished: rows.integer(2) != 0)
        }
        let ranges = try Statement(
            connection,
            "SELECT segment, batch, first_event, event_count, batch_events FROM resolved_range WHERE destination = ?")
        try ranges.bind(1, destination.row)
        while try ranges.step() {
            let first = Int(ranges.integer(2))
            result[UInt64(bitPattern: ranges.integer(0))]?.restore(
                batch: ranges.integer(1), events: first..<(first + Int(max(0, ranges.integer(3)))),
                total: Int(ranges.integer(4)))
        }
        return result
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

    private func add(_ value: Int64, to total: String) throws(StoreError) {
        try connection.execute(
            """
            INSERT INTO total (name, value) VALUES ('\(total)', \(value))
            ON CONFLICT (name) DO UPDATE SET value = value + excluded.value
            """)
    }
}
