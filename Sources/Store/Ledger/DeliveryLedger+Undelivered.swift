/// What was given up at a destination: a replay of the past leaves it out.
///
/// Kept for as long as the segment is, in rows of `resolved_chunk` below zero: row -1 - n stands for chunk n. Progress has
/// none there, and neither this build nor an older one reads them as progress.
extension DeliveryLedger {
    /// A segment has so many batches at most, whatever a damaged seal says.
    private static let maximumBatches: Int64 = 1 << 22

    /// The batches of a segment of which something expired or was skipped at a destination.
    package func undelivered(of destination: DestinationID, segment: UInt64) throws(StoreError) -> UndeliveredBatches {
        let rows = try statement(
            "SELECT chunk, bits FROM resolved_chunk WHERE destination = ? AND segment = ? AND chunk < 0")
        defer { rows.reset() }
        try rows.bind(1, destination.row)
        try rows.bind(2, Int64(bitPattern: segment))
        var batches = UndeliveredBatches()
        while try rows.step() {
            guard let chunk = rows.withBytes(1, { ResolvedChunk(bytes: $0) }) else { continue }
            batches.restore(-1 - rows.integer(0), chunk)
        }
        return batches
    }

    /// The events of some batches of a segment that are dead letters of a destination, not delivered since.
    package func deadEvents(
        of destination: DestinationID, segment: UInt64, batches: ClosedRange<Int64>
    ) throws(StoreError) -> [Int64: Set<Int>] {
        let rows = try statement(
            """
            SELECT batch, event FROM dead_letter WHERE destination = ? AND kind = 0 AND segment = ? AND batch >= ?
                AND batch <= ? AND is_copy = 0 AND state <> 2
            """)
        defer { rows.reset() }
        try rows.bind(1, destination.row)
        try rows.bind(2, Int64(bitPattern: segment))
        try rows.bind(3, batches.lowerBound)
        try rows.bind(4, batches.upperBound)
        var events: [Int64: Set<Int>] = [:]
        while try rows.step() { events[rows.integer(0), default: []].insert(Int(clamping: rows.integer(1))) }
        return events
    }

    /// Notes what expired, inside the transaction of a record.
    func noteUndelivered(_ resolutions: [Resolution], at destination: DestinationID) throws(StoreError) {
        var expired: [UInt64: [Int64]] = [:]
        for resolution in resolutions where resolution.outcome == .expired && !closed.contains(resolution.segment) {
            expired[resolution.segment, default: []].append(resolution.batch)
        }
        for (segment, batches) in expired { try noteUndelivered(batches, segment: segment, at: destination) }
    }

    /// Notes that a destination has got nothing of the first batches of a segment, inside a transaction.
    func noteSkipped(through batch: Int64, segment: UInt64, at destination: DestinationID) throws(StoreError) {
        guard batch > 0 else { return }
        try noteUndelivered(Array(1...min(batch, Self.maximumBatches)), segment: segment, at: destination)
    }

    /// Notes what a destination has not got of a segment that closes without it, inside a transaction.
    func noteSkipped(_ batches: Int64, beyond progress: SegmentProgress, segment: UInt64, at destination: DestinationID)
        throws(StoreError)
    {
        let last = min(batches, Self.maximumBatches)
        guard progress.throughBatch < last else { return }
        let rest = (progress.throughBatch + 1...last).filter { !progress.isResolved(batch: $0) }
        try noteUndelivered(rest, segment: segment, at: destination)
    }

    private func noteUndelivered(
        _ batches: [Int64], segment: UInt64, at destination: DestinationID
    ) throws(StoreError) {
        guard !batches.isEmpty else { return }
        var known = try undelivered(of: destination, segment: segment)
        let before = known
        for batch in batches { known.insert(batch) }
        let upsert = try statement(
            """
            INSERT INTO resolved_chunk (destination, segment, chunk, bits) VALUES (?, ?, ?, ?)
            ON CONFLICT (destination, segment, chunk) DO UPDATE SET bits = excluded.bits
            """)
        defer { upsert.reset() }
        for (number, chunk) in known.chunks where before.chunks[number] != chunk {
            try upsert.bind(1, destination.row)
            try upsert.bind(2, Int64(bitPattern: segment))
            try upsert.bind(3, -1 - number)
            try upsert.bind(4, copying: chunk.bytes)
            try upsert.run()
        }
    }
}
