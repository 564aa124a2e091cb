internal import Synchronization

/// The segment that takes batches now. It belongs to the writer's thread.
final class OpenSegment {
    let number: UInt64
    /// When it was opened, for its age.
    let openedAtMonotonic = MonotonicClock.now()
    private(set) var totals = SegmentTotals()
    /// Bytes that its batches take in the log. Small commits take far more than their payload: each writes whole pages.
    private(set) var logBytes = 0
    /// When a seal that found no space may be tried again (monotonic nanoseconds); nil when none has failed.
    var sealRetryAt: Int64?

    private let layout: SpoolLayout
    private var summary: SegmentSummary
    private let emptyLogBytes: Int
    private let connection: Connection
    /// Stream rows that are durable.
    private var streams: Int64 = 0
    /// Streams whose rows the running transaction wrote.
    private var newStreams: [StreamHandle] = []
    private let insertStream: Statement
    private let insertBatch: Statement
    private let insertQuarantine: Statement

    /// Creates the segment's file and makes it durable, directory entry included.
    init(layout: SpoolLayout, number: UInt64, pageBytes: Int, now: Int64) throws(StoreError) {
        self.number = number
        self.layout = layout
        summary = SegmentSummary(number: number)
        connection = try SegmentFile.create(path: layout.segmentPath(number), pageBytes: pageBytes)
        try MigrationRunner(schema: .segment).create(connection)
        try connection.execute("INSERT INTO segment (number, created_at) VALUES (\(number), \(now))")
        // Invariant 4: the names of the file and of its WAL are durable before the first acknowledgement.
        try Directory.synchronize(layout.segmentsDirectory)
        try NewestSegment(layout: layout).write(number)
        insertStream = try Statement(
            connection,
            """
            INSERT INTO stream (id, opened_at, client, source, checksum, metadata, origin, traceparent)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, persistent: true)
        insertBatch = try Statement(
            connection,
            """
            INSERT INTO batch (id, stream, received_at, events, payload_bytes, checksum, event_index, payload)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, persistent: true)
        insertQuarantine = try Statement(
            connection,
            """
            INSERT INTO quarantine (batch, start, length, reason, detail, checksum, event_id)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """, persistent: true)
        emptyLogBytes = FileReader.size(layout.segmentPath(number) + "-wal") ?? 0
    }

    /// Writes the batches in one transaction; when it returns they are durable.
    func commit(_ batches: some Collection<BatchRecord>) throws(StoreError) {
        var totals = totals
        do {
            try connection.transaction { () throws(StoreError) in
                for batch in batches {
                    totals.add(batch)
                    try insert(batch, row: totals.batches)
                }
            }
        } catch {
            // Their rows went with the transaction: the next batch of these streams writes them again.
            for stream in newStreams { stream.row.withLock { $0 = nil } }
            newStreams.removeAll(keepingCapacity: true)
            summary.roll(backToBatches: Int(self.totals.batches), streams: Int(streams))
            throw error
        }
        streams += Int64(newStreams.count)
        newStreams.removeAll(keepingCapacity: true)
        self.totals = totals
        logBytes = (FileReader.size(connection.path + "-wal") ?? 0) - emptyLogBytes
    }

    /// Writes the totals and closes the file: it gets no more batches.
    func seal(now: Int64) throws(StoreError) {
        try Self.writeSeal(connection, totals: totals, now: now)
        if summary.seal(totals) { summary.write(layout) }
    }

    /// Writes a seal over an open connection.
    static func writeSeal(_ connection: Connection, totals: SegmentTotals, now: Int64) throws(StoreError) {
        try connection.execute(
            """
            UPDATE segment SET sealed_at = \(now), batches = \(totals.batches), events = \(totals.events),
                quarantined = \(totals.quarantined), payload_bytes = \(totals.payloadBytes)
            """)
    }

    private func insert(_ batch: BatchRecord, row: Int64) throws(StoreError) {
        let stream = try streamRow(batch.stream)
        try insertBatch.bind(1, row)
        try insertBatch.bind(2, stream)
        try insertBatch.bind(3, batch.receivedAt)
        try insertBatch.bind(4, Int64(batch.eventCount))
        try insertBatch.bind(5, Int64(batch.payload.count))
        try insertBatch.bind(6, Int64(batch.checksum(row: row, stream: stream)))
        try batch.index.withUnsafeBufferPointer { (index) throws(StoreError) in
            try batch.payload.withUnsafeBufferPointer { (payload) throws(StoreError) in
                try insertBatch.bind(7, borrowing: UnsafeRawBufferPointer(index))
                try insertBatch.bind(8, borrowing: UnsafeRawBufferPointer(payload))
                try insertBatch.run()
            }
        }
        for event in batch.quarantined { try insert(event, batch: row) }
        summary.add(
            receivedAt: batch.receivedAt, stream: stream, events: Int64(batch.eventCount),
            payloadBytes: Int64(batch.payload.count))
    }

    private func insert(_ event: QuarantineRecord, batch: Int64) throws(StoreError) {
        try insertQuarantine.bind(1, batch)
        try insertQuarantine.bind(2, Int64(event.offset))
        try insertQuarantine.bind(3, Int64(event.length))
        try insertQuarantine.bind(4, event.reason)
        try insertQuarantine.bind(5, event.detail)
        try event.eventID.withUnsafeBufferPointer { (id) throws(StoreError) in
            try insertQuarantine.bind(6, Int64(event.checksum(batch: batch)))
            try insertQuarantine.bind(7, borrowing: UnsafeRawBufferPointer(id))
            try insertQuarantine.run()
        }
    }

    private func streamRow(_ stream: StreamHandle) throws(StoreError) -> Int64 {
        if let known = stream.row.withLock({ $0 }), known.segment == number { return known.id }
        let id = streams + Int64(newStreams.count) + 1
        let record = stream.record
        try insertStream.bind(1, id)
        try insertStream.bind(2, record.openedAt)
        try insertStream.bind(3, record.client)
        try insertStream.bind(4, record.source)
        try insertStream.bind(5, Int64(record.checksum))
        try insertStream.bind(7, record.origin.rawValue)
        try insertStream.bind(8, record.traceparent)
        try record.metadata.withUnsafeBufferPointer { (metadata) throws(StoreError) in
            try insertStream.bind(6, borrowing: UnsafeRawBufferPointer(metadata))
            try insertStream.run()
        }
        stream.row.withLock { $0 = (number, id) }
        newStreams.append(stream)
        summary.add(StreamSender(name: record.client, source: record.source))
        return id
    }
}
