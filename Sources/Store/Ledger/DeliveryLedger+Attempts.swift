/// Events that failed alone and are tried again.
extension DeliveryLedger {
    /// Events of a destination that are remembered as tried; beyond, a restart forgets that they were.
    package static let maximumAttempts = 100_000

    /// The events that failed alone and are to be tried again, oldest first.
    package func attempts(of destination: DestinationID) throws(StoreError) -> [EventAttempt] {
        let rows = try Statement(
            connection,
            """
            SELECT segment, batch, event, attempts, first_failed_at, last_failed_at, next_try_at, history
            FROM event_attempt WHERE destination = \(destination.row) ORDER BY segment, batch, event
            """)
        var attempts: [EventAttempt] = []
        while try rows.step() {
            attempts.append(
                EventAttempt(
                    address: EventAddress(
                        segment: UInt64(bitPattern: rows.integer(0)), batch: rows.integer(1),
                        event: Int(clamping: rows.integer(2))),
                    attempts: Int(rows.count(3)), firstFailedAt: rows.time(4),
                    lastFailedAt: rows.time(5), nextTryAt: rows.time(6),
                    history: FailureHistory.decode(rows.text(7))))
        }
        return attempts
    }

    /// Writes attempts of events that are not resolved.
    func save(
        _ attempts: [EventAttempt], at destination: DestinationID, events: inout [BatchAddress: Set<Int>],
        progress: (UInt64) -> SegmentProgress?
    ) throws(StoreError) {
        guard !attempts.isEmpty else { return }
        let upsert = try statement(
            """
            INSERT INTO event_attempt (destination, segment, batch, event, attempts, first_failed_at, last_failed_at,
                next_try_at, history)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (destination, segment, batch, event) DO UPDATE SET attempts = excluded.attempts,
                first_failed_at = excluded.first_failed_at, last_failed_at = excluded.last_failed_at,
                next_try_at = excluded.next_try_at, history = excluded.history
            """)
        defer { upsert.reset() }
        var count = events.values.reduce(0) { $0 + $1.count }
        for attempt in attempts {
            let address = attempt.address
            let key = BatchAddress(segment: address.segment, batch: address.batch)
            let isKnown = events[key]?.contains(address.event) == true
            guard isKnown || count < Self.maximumAttempts,
                progress(address.segment)?.isResolved(batch: address.batch, event: address.event) != true
            else { continue }
            if !isKnown { count += 1 }
            events[key, default: []].insert(address.event)
            try upsert.bind(1, destination.row)
            try upsert.bind(2, Int64(bitPattern: address.segment))
            try upsert.bind(3, address.batch)
            try upsert.bind(4, Int64(address.event))
            try upsert.bind(5, Int64(attempt.attempts))
            try upsert.bind(6, attempt.firstFailedAt)
            try upsert.bind(7, attempt.lastFailedAt)
            try upsert.bind(8, attempt.nextTryAt)
            try upsert.bind(9, FailureHistory.encode(attempt.history))
            try upsert.run()
        }
    }

    /// Forgets the attempts of events that are resolved now.
    func forgetAttempts(
        _ resolutions: [Resolution], at destination: DestinationID, events: inout [BatchAddress: Set<Int>]
    ) throws(StoreError) {
        guard !events.isEmpty else { return }
        for resolution in resolutions {
            let key = BatchAddress(segment: resolution.segment, batch: resolution.batch)
            guard var known = events[key] else { continue }
            let range = resolution.batchEvents == 0 ? 0..<Int.max : resolution.events
            known = known.filter { !range.contains($0) }
            events[key] = known.isEmpty ? nil : known
            try connection.execute(
                """
                DELETE FROM event_attempt WHERE destination = \(destination.row)
                    AND segment = \(Int64(bitPattern: key.segment)) AND batch = \(key.batch)
                    AND event >= \(range.lowerBound) AND event < \(range.upperBound)
                """)
        }
    }
}
