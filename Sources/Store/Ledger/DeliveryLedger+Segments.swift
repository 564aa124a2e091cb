/// Whole segments: finished by one destination, closed for all, forgotten.
extension DeliveryLedger {
    /// Records that a destination has resolved a whole segment.
    /// - Parameter totals: from the seal: what it counts and the destination has not seen is damaged.
    /// - Returns: how many events are damaged by that.
    @discardableResult
    package func finish(
        segment: UInt64, at destination: DestinationID, totals: SegmentTotals? = nil
    ) throws(StoreError) -> Int64 {
        // Nothing is left to be finished: its progress is gone, and would look as if nothing had been resolved.
        guard !closed.contains(segment) else { return 0 }
        let before = progress[destination]?[segment]
        var next = before ?? SegmentProgress()
        guard !next.isFinished else { return 0 }
        next.isFinished = true
        let missing = max(0, (totals?.events ?? 0) - next.resolvedEvents)
        next.resolveMissing(missing)
        let finished = next
        let now = now()
        try write { () throws(StoreError) in
            try save(finished, segment: segment, destination: destination, before: before)
            guard missing > 0 else { return }
            try addDamaged(missing, at: destination)
            try connection.execute(
                """
                INSERT INTO damaged_batch (segment, batch, events, found_at, reason)
                VALUES (\(Int64(bitPattern: segment)), 0, \(missing), \(now),
                    'its rows are counted in the seal and can not be read')
                ON CONFLICT (segment, batch) DO UPDATE SET events = max(events, excluded.events)
                """)
        }
        progress[destination, default: [:]][segment] = finished
        return missing
    }

    /// The configured destinations that have not finished a segment; empty when it may be closed.
    package func waiting(segment: UInt64) throws(StoreError) -> [DestinationID] {
        let rows = try Statement(
            connection,
            """
            SELECT id FROM destination WHERE active = 1 AND NOT EXISTS (SELECT 1 FROM progress
                WHERE progress.destination = destination.id AND segment = \(Int64(bitPattern: segment)) AND finished = 1)
            ORDER BY id
            """)
        var destinations: [DestinationID] = []
        while try rows.step() { destinations.append(DestinationID(row: rows.integer(0))) }
        return destinations
    }

    /// The progress in a segment of destinations that have not finished it: `SpoolReader.account` wants it, for what they
    /// have not got when the segment closes counts as skipped.
    package func unfinished(segment: UInt64) throws(StoreError) -> [DestinationID: SegmentProgress] {
        let table = try ProgressTable(connection)
        var result: [DestinationID: SegmentProgress] = [:]
        for destination in try allDestinations() {
            let own =
                try table.load(destination: destination.row, segment: segment)[segment] ?? SegmentProgress()
            if !own.isFinished { result[destination] = own }
        }
        return result
    }

    /// Records that a segment is done with everywhere: from now on it is retained, its files may go, and only then.
    /// - Parameters:
    ///   - totals: from the seal; zeros for a segment without one.
    ///   - account: who sent its events, by `SpoolReader.account(segment:progress:)` with what `unfinished` said.
    package func close(
        segment: UInt64, totals: SegmentTotals, account: SegmentAccount
    ) throws(StoreError) {
        let now = now()
        let row = Int64(bitPattern: segment)
        var accepted: [(client: ClientID, events: Int64)] = []
        for entry in account.accepted {
            accepted.append((try client(of: entry), entry.events))
        }
        let table = try ProgressTable(connection)
        try write { () throws(StoreError) in
            guard try connection.integer("SELECT 1 FROM finished_segment WHERE segment = \(row)") == nil else { return }
            for destination in try allDestinations() {
                let own =
                    try table.load(destination: destination.row, segment: segment)[segment] ?? SegmentProgress()
                if !own.isFinished {
                    try noteSkipped(totals.batches, beyond: own, segment: segment, at: destination)
                }
                guard !own.isCounted else { continue }
                try settle(account, accepted: accepted, progress: own, at: destination)
            }
            try connection.execute("INSERT INTO finished_segment (segment, finished_at) VALUES (\(row), \(now))")
            for table in ["progress", "resolved_range", "event_attempt"] {
                try connection.execute("DELETE FROM \(table) WHERE segment = \(row)")
            }
            try connection.execute("DELETE FROM resolved_chunk WHERE segment = \(row) AND chunk >= 0")
            try add(1, to: "finished_segments")
            try add(totals.events, to: "finished_events")
            try add(totals.quarantined, to: "finished_quarantined")
        }
        closed.insert(segment)
        for destination in progress.keys {
            progress[destination]?[segment] = nil
            attemptedEvents[destination] = attemptedEvents[destination]?.filter { $0.key.segment != segment }
        }
    }

    /// Segments that every destination has finished, oldest first: those of which the files are still there may be sent
    /// again; of all, the files may go.
    package func retainedSegments() throws(StoreError) -> [RetainedSegment] {
        let select = try Statement(
            connection, "SELECT segment, finished_at FROM finished_segment ORDER BY segment")
        var segments: [RetainedSegment] = []
        while try select.step() {
            let number = UInt64(bitPattern: select.integer(0))
            segments.append(
                RetainedSegment(
                    number: number, finishedAt: select.integer(1), bytes: layout.bytesOnDisk(number)))
        }
        return segments
    }

    /// Forgets a segment whose files are gone.
    package func forget(segment: UInt64) throws(StoreError) {
        let row = Int64(bitPattern: segment)
        try write { () throws(StoreError) in
            try connection.execute("DELETE FROM finished_segment WHERE segment = \(row)")
            try connection.execute("DELETE FROM purged_quarantine WHERE segment = \(row)")
            try connection.execute("DELETE FROM resolved_chunk WHERE segment = \(row)")
        }
        closed.remove(segment)
    }

    func allDestinations() throws(StoreError) -> [DestinationID] {
        let rows = try Statement(connection, "SELECT id FROM destination ORDER BY id")
        var destinations: [DestinationID] = []
        while try rows.step() { destinations.append(DestinationID(row: rows.integer(0))) }
        return destinations
    }

    func addDamaged(_ events: Int64, at destination: DestinationID) throws(StoreError) {
        var counts = OutcomeCounts()
        counts.damaged = events
        try add(counts, client: .none, at: destination)
    }

    /// Moves a segment's accepted events into a destination's totals.
    private func settle(
        _ account: SegmentAccount, accepted: [(client: ClientID, events: Int64)], progress: SegmentProgress,
        at destination: DestinationID
    ) throws(StoreError) {
        for (client, events) in accepted {
            try add(OutcomeCounts(), accepted: events, client: client, at: destination)
        }
        var rest = account.events - progress.resolvedEvents
        if !progress.isFinished {
            for entry in account.waiting[destination] ?? account.accepted {
                var counts = OutcomeCounts()
                counts.skipped = entry.events
                try add(counts, client: try client(of: entry), at: destination)
                rest -= entry.events
            }
        }
        // What was resolved and can no longer be counted was accepted; what was counted and never seen is damaged.
        if rest < 0 { try add(OutcomeCounts(), accepted: -rest, client: .none, at: destination) }
        if rest > 0 { try addDamaged(rest, at: destination) }
    }
}
