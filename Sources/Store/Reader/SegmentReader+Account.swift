/// Who sent a segment's events. Payloads are not read: the small columns of the rows tell.
extension SegmentReader {
    private struct Tally {
        var accepted: [ClientKey: Int64] = [:]
        var waiting: [DestinationID: [ClientKey: Int64]] = [:]
        var clients: [Int64: ClientKey] = [:]
    }

    /// Counts accepted events by client, and for each given progress those that it has not resolved.
    /// - Parameters:
    ///   - damaged: batches whose events count for no client.
    ///   - through: the last batch to count; nil for all, those that only the seal counts included.
    /// - Throws: `corrupt` when the rows can not even be numbered; single rows that can not be read do not throw.
    func account(
        progress: [DestinationID: SegmentProgress], damaged: Set<Int64>, through: Int64?
    ) throws(StoreError) -> SegmentAccount {
        var tally = Tally()
        // Seal and rows of one moment.
        try connection.execute("BEGIN")
        defer { try? connection.execute("COMMIT") }
        do throws(StoreError) {
            let rows = try Statement(connection, "SELECT id, stream, events FROM batch WHERE id <= ? ORDER BY id")
            try rows.bind(1, through ?? .max)
            while try rows.step() { try count(rows, progress, damaged, &tally) }
        } catch {
            guard error.code == .corrupt else { throw error }
            tally = try countOneByOne(progress, damaged, through: through)
        }
        var account = SegmentAccount()
        let sum = tally.accepted.values.reduce(0, &+)
        if through == nil, let sealed = try sealedTotals(), sealed.events > sum {
            let missing = sealed.events - sum
            tally.accepted[Self.nobody, default: 0] += missing
            for (destination, own) in progress where !own.isFinished {
                tally.waiting[destination, default: [:]][Self.nobody, default: 0] += missing
            }
        }
        account.accepted = Self.list(tally.accepted)
        for destination in progress.keys { account.waiting[destination] = Self.list(tally.waiting[destination] ?? [:]) }
        return account
    }

    /// Events beyond `throughBatch` that are resolved.
    func resolvedEvents(_ progress: SegmentProgress) throws(StoreError) -> Int64 {
        var events = progress.partial.values.reduce(Int64(0)) { $0 + Int64($1.resolvedCount) }
        guard !progress.chunks.isEmpty else { return events }
        let rows = try Statement(connection, "SELECT id, events FROM batch WHERE id > ?")
        try rows.bind(1, progress.throughBatch)
        while try rows.step() {
            if progress.isResolved(batch: rows.integer(0)) { events &+= rows.integer(1) }
        }
        return events
    }

    private static let nobody = ClientKey(name: "", source: "")

    private static func list(_ counts: [ClientKey: Int64]) -> [ClientEvents] {
        counts.filter { $0.value != 0 }.map { ClientEvents(name: $0.key.name, source: $0.key.source, events: $0.value) }
            .sorted { ($0.name, $0.source) < ($1.name, $1.source) }
    }

    private func count(
        _ row: Statement, _ progress: [DestinationID: SegmentProgress], _ damaged: Set<Int64>, _ tally: inout Tally
    ) throws(StoreError) {
        let batch = row.integer(0)
        // A damaged row may claim any number; no batch has more than its index can hold.
        let events = min(max(0, row.integer(2)), Int64(UInt32.max))
        let client = damaged.contains(batch) ? Self.nobody : try client(ofStream: row.integer(1), &tally)
        tally.accepted[client, default: 0] &+= events
        for (destination, own) in progress where !own.isFinished {
            let remaining = own.remaining(batch: batch, total: Int(events)).reduce(0) { $0 + $1.count }
            if remaining > 0 { tally.waiting[destination, default: [:]][client, default: 0] += Int64(remaining) }
        }
    }

    private func countOneByOne(
        _ progress: [DestinationID: SegmentProgress], _ damaged: Set<Int64>, through: Int64?
    ) throws(StoreError) -> Tally {
        var tally = Tally()
        let newest = min(try newestStoredBatch(), through ?? .max)
        let row = try Statement(connection, "SELECT id, stream, events FROM batch WHERE id = ?")
        for batch in stride(from: 1, through: newest, by: 1) {
            defer { row.reset() }
            do throws(StoreError) {
                try row.bind(1, batch)
                if try row.step() { try count(row, progress, damaged, &tally) }
            } catch {
                guard error.code == .corrupt else { throw error }
            }
        }
        return tally
    }

    private func client(ofStream id: Int64, _ tally: inout Tally) throws(StoreError) -> ClientKey {
        if let known = tally.clients[id] { return known }
        var key = Self.nobody
        do throws(StoreError) {
            if let record = try stream(id)?.record { key = ClientKey(name: record.client, source: record.source) }
        } catch {
            guard error.code == .corrupt else { throw error }
        }
        tally.clients[id] = key
        return key
    }
}
