/// Where a destination begins that is new, and how old ledgers are brought up.
extension DeliveryLedger {
    /// Gives back the segments that all others are done with. Their events are in the others' totals already.
    func reopenRetained(for destination: DestinationID) throws(StoreError) {
        let onDisk = Set(try layout.segmentNumbers())
        for segment in closed.sorted() where onDisk.contains(segment) {
            let row = Int64(bitPattern: segment)
            // A damaged segment is moved aside as it is closed: what is on disk of it is on its way out.
            guard try !isDamaged(segment: segment) else { continue }
            try connection.execute("DELETE FROM finished_segment WHERE segment = \(row)")
            try connection.execute(
                """
                INSERT INTO progress (destination, segment, through_batch, finished, counted, attributed)
                SELECT id, \(row), 0, 1, 1, 1 FROM destination WHERE id <> \(destination.row)
                ON CONFLICT (destination, segment) DO UPDATE SET finished = 1, counted = 1
                """)
            closed.remove(segment)
        }
    }

    /// Counts everything on disk as skipped.
    func skipAll(at destination: DestinationID) throws(StoreError) {
        for number in try layout.segmentNumbers() where !closed.contains(number) {
            var account = SegmentAccount()
            var last: Int64 = 0
            do throws(StoreError) {
                guard let reader = try SegmentReader.open(path: layout.segmentPath(number), number: number) else {
                    continue
                }
                last = try reader.newestStoredBatch()
                account = try reader.account(progress: [:], damaged: [], through: last)
            } catch {
                // What can not be counted is not skipped: it is delivered, or set aside by whoever can salvage it.
                guard error.code == .corrupt else { throw error }
                continue
            }
            var progress = SegmentProgress()
            progress.skip(through: last, events: account.events)
            try save(progress, segment: number, destination: destination, before: nil)
            try noteSkipped(through: last, segment: number, at: destination)
            var clients: [ClientID] = []
            for entry in account.accepted { clients.append(try client(of: entry)) }
            try insertNewClients()
            forgetNewClients()
            for (client, entry) in zip(clients, account.accepted) {
                var counts = OutcomeCounts()
                counts.skipped = entry.events
                try add(counts, client: client, at: destination)
            }
        }
    }

    /// Progress that version 2 recorded says how many events are delivered and not whose: the segments tell.
    func attributeOldProgress() throws(StoreError) {
        let rows = try Statement(
            connection, "SELECT destination, segment FROM progress WHERE attributed = 0 ORDER BY segment")
        var places: [(DestinationID, UInt64)] = []
        while try rows.step() {
            places.append((DestinationID(row: rows.integer(0)), UInt64(bitPattern: rows.integer(1))))
        }
        for (destination, segment) in places { try attribute(segment, at: destination) }
    }

    private func attribute(_ segment: UInt64, at destination: DestinationID) throws(StoreError) {
        let table = try ProgressTable(connection)
        let own = try table.load(destination: destination.row, segment: segment)[segment] ?? SegmentProgress()
        let account: SegmentAccount
        do throws(StoreError) {
            guard let reader = try SegmentReader.open(path: layout.segmentPath(segment), number: segment) else {
                return
            }
            account = try reader.account(
                progress: [destination: own], damaged: try damagedBatches(segment: segment), through: nil)
        } catch {
            // Gone or damaged: its events stay counted for nobody in particular.
            guard error.code == .corrupt || !FileReader.exists(layout.segmentPath(segment)) else { throw error }
            return
        }
        var delivered = Dictionary(
            account.accepted.map { (ClientKey(name: $0.name, source: $0.source), $0.events) }, uniquingKeysWith: +)
        for entry in account.waiting[destination] ?? [] {
            delivered[ClientKey(name: entry.name, source: entry.source), default: 0] -= entry.events
        }
        let damaged = delivered.removeValue(forKey: ClientKey(name: "", source: "")) ?? 0
        var resolved = own
        resolved.resolveMissing(max(0, damaged))
        let final = resolved
        var clients: [(ClientID, Int64)] = []
        for (key, events) in delivered where events != 0 {
            clients.append((try client(name: key.name, source: key.source), events))
        }
        try write { () throws(StoreError) in
            for (client, events) in clients {
                var counts = OutcomeCounts()
                counts.delivered = events
                try add(counts, client: client, at: destination)
                counts.delivered = -events
                try add(counts, client: .none, at: destination)
            }
            if damaged > 0 { try addDamaged(damaged, at: destination) }
            try save(final, segment: segment, destination: destination, before: own)
            try connection.execute(
                """
                UPDATE progress SET attributed = 1
                WHERE destination = \(destination.row) AND segment = \(Int64(bitPattern: segment))
                """)
        }
    }

    /// The batches of a segment that are set aside; 0 for those that only its seal counts.
    package func damagedBatches(segment: UInt64) throws(StoreError) -> Set<Int64> {
        let rows = try Statement(
            connection, "SELECT batch FROM damaged_batch WHERE segment = \(Int64(bitPattern: segment))")
        var batches: Set<Int64> = []
        while try rows.step() { batches.insert(rows.integer(0)) }
        return batches
    }
}
