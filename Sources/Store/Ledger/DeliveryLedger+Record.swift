/// What workers record.
extension DeliveryLedger {
    /// Records what a destination has to say, in one transaction; when it returns it is durable. Nothing is changed when
    /// it throws.
    /// - Throws: `full` when the bounds of dead letters would be passed (and `expire` is not chosen), or when the disk is
    ///   full; `removed` when the ledger's file is gone: then the process must end; `io`.
    package func record(_ record: DeliveryRecord, at destination: DestinationID) throws(StoreError) {
        guard !record.isEmpty else { return }
        let before = progress[destination] ?? [:]
        var next: [UInt64: SegmentProgress] = [:]
        var batches: [UInt64: Set<Int64>] = [:]
        var counts: [ClientID: OutcomeCounts] = [:]
        // What comes late of a closed segment was counted when it was closed.
        for resolution in record.resolutions where !closed.contains(resolution.segment) {
            let count = next[resolution.segment, default: before[resolution.segment] ?? SegmentProgress()].resolve(
                batch: resolution.batch, events: resolution.events, total: resolution.batchEvents,
                outcome: resolution.outcome)
            batches[resolution.segment, default: []].insert(resolution.batch)
            if count > 0 { counts[resolution.client, default: OutcomeCounts()][resolution.outcome] += Int64(count) }
        }
        let letters = record.deadLetters.filter { letter in
            let address = letter.address
            return !closed.contains(address.segment)
                && before[address.segment]?.isResolved(batch: address.batch, event: address.event) != true
        }
        try requireRoom(for: letters, at: destination)
        var attempted = attemptedEvents[destination] ?? [:]
        try write { () throws(StoreError) in
            for (segment, progress) in next {
                try save(
                    progress, segment: segment, destination: destination, batches: batches[segment] ?? [],
                    before: before[segment])
            }
            for (client, counts) in counts { try add(counts, client: client, at: destination) }
            try countDelivered(
                counts.values.reduce(0) { $0 + $1.delivered }, bytes: record.deliveredBytes, at: destination)
            try forgetAttempts(record.resolutions, at: destination, events: &attempted)
            try save(record.attempts, at: destination, events: &attempted) { next[$0] ?? before[$0] }
            try noteUndelivered(record.resolutions, at: destination)
            try insert(letters, at: destination)
            try end(record.replays, at: destination)
            try advance(record.jobs, at: destination)
            if let state = record.state { try save(state, at: destination) }
        }
        for (segment, value) in next { progress[destination, default: [:]][segment] = value }
        attemptedEvents[destination] = attempted
    }

    /// Records resolved events, in one transaction; when it returns they are durable.
    /// - Parameters:
    ///   - resolutions: in any order; events that already were resolved count once.
    ///   - deliveredBytes: message bytes that the destination took, for the totals.
    package func record(
        _ resolutions: [Resolution], at destination: DestinationID, deliveredBytes: Int64
    ) throws(StoreError) {
        try record(DeliveryRecord(resolutions: resolutions, deliveredBytes: deliveredBytes), at: destination)
    }

    func countDelivered(_ events: Int64, bytes: Int64, at destination: DestinationID) throws(StoreError) {
        guard events > 0 || bytes > 0 else { return }
        try connection.execute(
            """
            UPDATE destination SET delivered_events = delivered_events + \(events),
                delivered_bytes = delivered_bytes + \(bytes), last_delivery_at = \(now())
            WHERE id = \(destination.row)
            """)
    }
}
