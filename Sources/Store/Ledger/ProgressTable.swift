/// Reads progress from a ledger of any version.
struct ProgressTable {
    let connection: Connection
    private let hasChunks: Bool

    init(_ connection: Connection) throws(StoreError) {
        self.connection = connection
        hasChunks = try connection.hasTable("resolved_chunk")
    }

    /// A destination's progress by segment, or in one segment.
    func load(destination: Int64, segment: UInt64? = nil) throws(StoreError) -> [UInt64: SegmentProgress] {
        let place =
            "WHERE destination = \(destination)"
            + (segment.map { " AND segment = \(Int64(bitPattern: $0))" } ?? "")
        var result: [UInt64: SegmentProgress] = [:]
        let added = hasChunks ? "resolved_events, counted" : "delivered_events, 0"
        let rows = try Statement(
            connection, "SELECT segment, through_batch, finished, delivered_events, \(added) FROM progress \(place)")
        while try rows.step() {
            var progress = SegmentProgress(
                throughBatch: rows.count(1), deliveredEvents: rows.count(3), resolvedEvents: rows.count(4),
                isFinished: rows.integer(2) != 0)
            progress.isCounted = rows.integer(5) != 0
            result[UInt64(bitPattern: rows.integer(0))] = progress
        }
        let ranges = try Statement(
            connection,
            "SELECT segment, batch, first_event, event_count, batch_events FROM resolved_range \(place)")
        while try ranges.step() {
            let first = Int(ranges.count(2))
            result[UInt64(bitPattern: ranges.integer(0))]?.restore(
                batch: ranges.count(1), events: first..<first + Int(ranges.count(3)), total: Int(ranges.count(4)))
        }
        guard hasChunks else { return result }
        let chunks = try Statement(
            connection, "SELECT segment, chunk, bits FROM resolved_chunk \(place) AND chunk >= 0")
        while try chunks.step() {
            guard let chunk = chunks.withBytes(2, { ResolvedChunk(bytes: $0) }) else { continue }
            result[UInt64(bitPattern: chunks.integer(0))]?.restore(chunk: chunks.integer(1), chunk)
        }
        return result
    }
}
