/// Reads one segment. Not Sendable: it belongs to the thread that opened it.
final class SegmentReader {
    let number: UInt64
    let connection: Connection
    private let nextBatch: Statement
    private let oneBatch: Statement
    let nextHeaders: Statement
    let oneSender: Statement
    private let oneStream: Statement

    /// Opens a segment that has a schema; nil when it is so new that it has none yet.
    static func open(path: String, number: UInt64) throws(StoreError) -> SegmentReader? {
        let connection = try SegmentFile.openForReading(path: path)
        guard try MigrationRunner(schema: .segment).checkedVersion(connection) > 0 else { return nil }
        return try SegmentReader(connection, number: number)
    }

    private init(_ connection: Connection, number: UInt64) throws(StoreError) {
        self.number = number
        self.connection = connection
        let columns = "id, stream, received_at, events, checksum, event_index, payload"
        nextBatch = try Statement(
            connection, "SELECT \(columns) FROM batch WHERE id > ? ORDER BY id", persistent: true)
        oneBatch = try Statement(connection, "SELECT \(columns) FROM batch WHERE id = ?", persistent: true)
        nextHeaders = try Statement(
            connection,
            "SELECT id, stream, received_at, events, payload_bytes FROM batch WHERE id > ? ORDER BY id LIMIT ?",
            persistent: true)
        oneSender = try Statement(connection, "SELECT client, source FROM stream WHERE id = ?", persistent: true)
        // Version 1 knew only streams, without a trace.
        let added = try connection.hasColumn("origin", in: "stream") ? "origin, traceparent" : "0, ''"
        oneStream = try Statement(
            connection, "SELECT opened_at, client, source, checksum, metadata, \(added) FROM stream WHERE id = ?",
            persistent: true)
    }

    /// The totals that the writer left, nil while the segment is not sealed.
    func sealedTotals() throws(StoreError) -> SegmentTotals? {
        let statement = try Statement(
            connection,
            "SELECT batches, events, quarantined, payload_bytes FROM segment WHERE sealed_at IS NOT NULL")
        guard try statement.step() else { return nil }
        return SegmentTotals(
            batches: statement.integer(0), events: statement.integer(1), quarantined: statement.integer(2),
            payloadBytes: statement.integer(3))
    }

    /// Whether the log has commits that SQLite does not see. Call it only on a segment that nobody writes.
    func isCutShort() throws(StoreError) -> Bool {
        try WriteAheadLog.hasUnreachableCommits(segmentPath: connection.path, beyond: connection.readableLogFrames())
    }

    /// The totals as the rows show them.
    static func countedTotals(_ connection: Connection) throws(StoreError) -> SegmentTotals {
        let batches = try Statement(
            connection, "SELECT count(*), coalesce(sum(events), 0), coalesce(sum(payload_bytes), 0) FROM batch")
        _ = try batches.step()
        return SegmentTotals(
            batches: batches.integer(0), events: batches.integer(1),
            quarantined: try connection.integer("SELECT count(*) FROM quarantine") ?? 0,
            payloadBytes: batches.integer(2))
    }

    /// The totals as the rows show them.
    func countedTotals() throws(StoreError) -> SegmentTotals { try Self.countedTotals(connection) }

    /// The totals of the batches after one, as the rows show them; batches, events and payload bytes only.
    func countedTotals(after batch: Int64) throws(StoreError) -> SegmentTotals {
        let statement = try Statement(
            connection,
            "SELECT count(*), coalesce(sum(events), 0), coalesce(sum(payload_bytes), 0) FROM batch WHERE id > ?")
        try statement.bind(1, batch)
        _ = try statement.step()
        return SegmentTotals(
            batches: statement.integer(0), events: statement.integer(1), payloadBytes: statement.integer(2))
    }

    /// When the first batch after one was received, in nanoseconds since 1970.
    func receivedAt(firstAfter batch: Int64) throws(StoreError) -> Int64? {
        let statement = try Statement(connection, "SELECT received_at FROM batch WHERE id > ? ORDER BY id LIMIT 1")
        try statement.bind(1, batch)
        return try statement.step() ? statement.time(0) : nil
    }

    /// Reads whole batches after one, up to `maximumBytes` of payload and at least one.
    /// - Returns: what was read, and the number of the last batch that was read or set aside.
    func read(
        after batch: Int64, maximumBytes: Int
    ) throws(StoreError) -> (batches: [StoredBatch], damaged: [DamagedBatch], last: Int64) {
        var result: (batches: [StoredBatch], damaged: [DamagedBatch], last: Int64) = ([], [], batch)
        do {
            try readInOrder(&result, maximumBytes: maximumBytes)
            // Nothing more to be seen, but the seal counts more: those are set aside one by one.
            if result.last == batch, let sealed = try sealedTotals(), sealed.batches > batch {
                try readOneByOne(&result, maximumBytes: maximumBytes)
            }
        } catch {
            guard error.code == .corrupt else { throw error }
            try readOneByOne(&result, maximumBytes: maximumBytes)
        }
        return result
    }

    private func readInOrder(
        _ result: inout (batches: [StoredBatch], damaged: [DamagedBatch], last: Int64), maximumBytes: Int
    ) throws(StoreError) {
        defer { nextBatch.reset() }
        try nextBatch.bind(1, result.last)
        var bytes = 0
        while bytes < maximumBytes, try nextBatch.step() {
            let id = nextBatch.integer(0)
            // The writer numbers batches without gaps: a gap is a row that a damaged page no longer shows.
            guard id == result.last + 1 else {
                throw StoreError(.corrupt, "\(connection.path): batch \(result.last + 1) is missing")
            }
            bytes += take(nextBatch, id: id, into: &result)
        }
    }

    /// Damaged batches that one read returns at most: they count no bytes, and a damaged seal may name any number.
    private static let maximumDamagedAtOnce = 1000

    /// Reads batches by their numbers, in the order in which they are named.
    func read(_ numbers: some Sequence<Int64>) throws(StoreError) -> (batches: [StoredBatch], damaged: [DamagedBatch]) {
        var result: (batches: [StoredBatch], damaged: [DamagedBatch], last: Int64) = ([], [], 0)
        for number in numbers { _ = try readOne(number, &result) }
        return (result.batches, result.damaged)
    }

    /// One batch by its number; nil when its row is missing or damaged.
    func batch(_ id: Int64) throws(StoreError) -> StoredBatch? {
        defer { oneBatch.reset() }
        try oneBatch.bind(1, id)
        var result: (batches: [StoredBatch], damaged: [DamagedBatch], last: Int64) = ([], [], id)
        if try oneBatch.step() { _ = take(oneBatch, id: id, into: &result) }
        return result.batches.first
    }

    /// Lends one batch by its number, without copying it; nil when its row is missing or damaged.
    func withBatch<Result>(
        _ id: Int64, _ body: (LentBatch) throws(StoreError) -> Result
    ) throws(StoreError) -> Result? {
        defer { oneBatch.reset() }
        try oneBatch.bind(1, id)
        return try oneBatch.step() ? try lent(oneBatch, id: id, body) : nil
    }

    /// The highest number of a batch's row; 0 without any.
    func newestStoredBatch() throws(StoreError) -> Int64 {
        try connection.integer("SELECT max(id) FROM batch") ?? 0
    }

    /// The way past a damaged page: each batch is looked up by its number.
    private func readOneByOne(
        _ result: inout (batches: [StoredBatch], damaged: [DamagedBatch], last: Int64), maximumBytes: Int
    ) throws(StoreError) {
        guard let newest = try newestBatch() else {
            result.damaged.append(
                DamagedBatch(
                    segment: number, id: 0, events: 0,
                    reason: "how many batches follow batch \(result.last) can not be read"))
            return
        }
        var bytes = 0
        while bytes < maximumBytes, result.damaged.count < Self.maximumDamagedAtOnce, result.last < newest {
            bytes += try readOne(result.last + 1, &result)
        }
    }

    /// Reads one batch by its number, or sets it aside.
    /// - Returns: the payload bytes read.
    private func readOne(
        _ id: Int64, _ result: inout (batches: [StoredBatch], damaged: [DamagedBatch], last: Int64)
    ) throws(StoreError) -> Int {
        defer { oneBatch.reset() }
        do {
            try oneBatch.bind(1, id)
            if try oneBatch.step() { return take(oneBatch, id: id, into: &result) }
            setAside(id, events: 0, "its row is missing", &result)
        } catch {
            guard error.code == .corrupt else { throw error }
            setAside(id, events: 0, "its row can not be read: \(error.message)", &result)
        }
        return 0
    }

    /// The highest batch number that the segment is known to have; nil when neither its rows nor a seal can tell.
    func newestBatch() throws(StoreError) -> Int64? {
        let sealed: Int64?
        do {
            sealed = try sealedTotals()?.batches
        } catch {
            guard error.code == .corrupt else { throw error }
            sealed = nil
        }
        do {
            return max(sealed ?? 0, try newestStoredBatch())
        } catch {
            guard error.code == .corrupt else { throw error }
            return sealed
        }
    }

    /// Takes the row that a statement stands on, or sets it aside when its checksum does not hold.
    /// - Returns: the payload bytes read.
    private func take(
        _ row: Statement, id: Int64,
        into result: inout (batches: [StoredBatch], damaged: [DamagedBatch], last: Int64)
    ) -> Int {
        let batch = lent(row, id: id) { lent in
            let index = [UInt32](unsafeUninitializedCapacity: lent.index.count / 4) { target, count in
                UnsafeMutableRawBufferPointer(target).copyMemory(from: lent.index)
                count = lent.index.count / 4
            }
            return StoredBatch(
                segment: number, id: id, stream: lent.stream, receivedAt: lent.receivedAt,
                payload: [UInt8](lent.payload), index: index)
        }
        guard let batch else {
            setAside(id, events: max(0, row.integer(3)), "its checksum does not match", &result)
            return 0
        }
        result.batches.append(batch)
        result.last = id
        return max(1, batch.payload.count)
    }

    /// Lends the row that a statement stands on; nil when its checksum does not hold.
    private func lent<Result, Failure: Error>(
        _ row: Statement, id: Int64, _ body: (LentBatch) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        try row.withBytes(5) { (index) throws(Failure) -> Result? in
            try row.withBytes(6) { (payload) throws(Failure) -> Result? in
                let batch = LentBatch(
                    id: id, stream: row.integer(1), receivedAt: row.integer(2), checksum: row.integer(4), index: index,
                    payload: payload)
                guard let batch else { return nil }
                return try body(batch)
            }
        }
    }

    private func setAside(
        _ id: Int64, events: Int64, _ reason: String,
        _ result: inout (batches: [StoredBatch], damaged: [DamagedBatch], last: Int64)
    ) {
        result.damaged.append(DamagedBatch(segment: number, id: id, events: events, reason: reason))
        result.last = id
    }

    /// A stream's row; nil when it is missing or damaged.
    func stream(_ id: Int64) throws(StoreError) -> StoredStream? {
        defer { oneStream.reset() }
        try oneStream.bind(1, id)
        guard try oneStream.step(), let origin = StreamRecord.Origin(rawValue: oneStream.integer(5)) else { return nil }
        let record = StreamRecord(
            client: oneStream.text(1), source: oneStream.text(2), metadata: oneStream.bytes(4),
            openedAt: oneStream.integer(0), origin: origin, traceparent: oneStream.text(6))
        return oneStream.integer(3) == Int64(record.checksum) ? StoredStream(id: id, record: record) : nil
    }
}
