extension SpoolInspector {
    /// Payload bytes that are read at once while batches are looked at.
    private static let pageBytes = 1 << 20

    /// The destinations that a forwarder has ever served, in the order of their first time.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func destinationNames() throws(StoreError) -> [String] {
        try requireSpool()
        guard let ledger = try LedgerFile.openForReading(path: layout.ledgerPath) else { return [] }
        let rows = try Statement(ledger, "SELECT name FROM destination ORDER BY id")
        var names: [String] = []
        while try rows.step() { names.append(rows.text(0)) }
        return names
    }

    /// Shows each batch that has events which a destination still needs, oldest first, until `visit` returns false.
    /// - Parameter name: the destination; nil for the first one, or for the whole spool when no forwarder has run yet.
    ///   A name that is not known has everything waiting.
    /// - Returns: what could not be read, for people.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func visitWaiting(
        at name: String? = nil, _ visit: (WaitingBatch) -> Bool
    ) throws(StoreError) -> [String] {
        try requireSpool()
        let progress = try destinationProgress(name)
        var problems: [String] = []
        for number in try layout.segmentNumbers() {
            do throws(StoreError) {
                guard let own = try progress(number) else { continue }
                guard try visitWaiting(in: number, progress: own, &problems, visit) else { return problems }
            } catch {
                if error.code == .newerVersion { throw error }
                // Delivered and unlinked meanwhile, or damaged: what follows can still be shown.
                if FileReader.exists(layout.segmentPath(number)) { problems.append(error.message) }
            }
        }
        return problems
    }

    /// - Returns: whether more is wanted.
    private func visitWaiting(
        in segment: UInt64, progress: SegmentProgress, _ problems: inout [String], _ visit: (WaitingBatch) -> Bool
    ) throws(StoreError) -> Bool {
        guard let reader = try SegmentReader.open(path: layout.segmentPath(segment), number: segment) else {
            return true
        }
        var last = progress.throughBatch
        while true {
            let page = try reader.read(after: last, maximumBytes: Self.pageBytes)
            guard page.last > last else { return true }
            last = page.last
            for damaged in page.damaged {
                problems.append("segment \(segment), batch \(damaged.id): \(damaged.reason)")
            }
            for batch in page.batches {
                let remaining = progress.remaining(batch: batch.id, total: batch.eventCount)
                guard !remaining.isEmpty else { continue }
                guard let stream = try reader.stream(batch.stream) else {
                    problems.append("segment \(segment), batch \(batch.id): the row of its stream is damaged")
                    continue
                }
                guard visit(WaitingBatch(batch: batch, stream: stream.record, remaining: remaining)) else {
                    return false
                }
            }
        }
    }

    /// How far a destination is in each segment; nil for segments that it is done with.
    private func destinationProgress(
        _ name: String?
    ) throws(StoreError) -> (UInt64) throws(StoreError) -> SegmentProgress? {
        let untouched = SegmentProgress()
        guard let ledger = try LedgerFile.openForReading(path: layout.ledgerPath) else { return { _ in untouched } }
        // One snapshot of the ledger; it lasts until the connection is closed.
        try ledger.execute("BEGIN")
        let select = try Statement(
            ledger, "SELECT id FROM destination WHERE ?1 IS NULL OR name = ?1 ORDER BY id LIMIT 1")
        if let name { try select.bind(1, name) }
        guard try select.step() else { return { _ in untouched } }
        let destination = select.integer(0)
        let table = try ProgressTable(ledger)
        return { (segment) throws(StoreError) in
            let finished = try ledger.integer("SELECT 1 FROM finished_segment WHERE segment = \(segment)")
            guard finished == nil else { return nil }
            let own = try table.load(destination: destination, segment: segment)[segment] ?? SegmentProgress()
            return own.isFinished ? nil : own
        }
    }
}
