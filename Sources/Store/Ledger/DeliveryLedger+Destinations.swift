/// The destinations, and what their workers have learnt.
extension DeliveryLedger {
    /// The destination's row, made when the name is new.
    /// - Parameter start: where a new one begins. It may read every segment's rows: call it before anything is delivered.
    package func register(
        destination name: String, start: DestinationStart = .oldest
    ) throws(StoreError) -> DestinationID {
        if let known = try destination(name: name) {
            try load(known)
            return known
        }
        try write { () throws(StoreError) in
            let insert = try Statement(connection, "INSERT INTO destination (name, added_at) VALUES (?, ?)")
            try insert.bind(1, name)
            try insert.bind(2, now())
            try insert.run()
            guard let new = try destination(name: name) else { return }
            switch start {
            case .oldest: try reopenRetained(for: new)
            case .now: try skipAll(at: new)
            }
        }
        guard let new = try destination(name: name) else {
            throw StoreError(.misuse, "\(connection.path): the destination \(name) has no row")
        }
        // Others may have got segments back.
        for known in progress.keys { try load(known) }
        try load(new)
        return new
    }

    /// The destination of a name; nil when the ledger does not know it.
    package func destination(name: String) throws(StoreError) -> DestinationID? {
        let select = try Statement(connection, "SELECT id FROM destination WHERE name = ?")
        try select.bind(1, name)
        return try select.step() ? DestinationID(row: select.integer(0)) : nil
    }

    /// Says which destinations are configured. The others keep their counts; a segment does not wait for them, and what
    /// they have not got of it when it goes counts as skipped.
    package func activate(destinations: Set<DestinationID>) throws(StoreError) {
        let rows = destinations.map { String($0.row) }.joined(separator: ", ")
        try write { () throws(StoreError) in
            try connection.execute("UPDATE destination SET active = id IN (\(rows))")
        }
    }

    /// What a destination's worker had learnt; nil for a new one.
    package func state(of destination: DestinationID) throws(StoreError) -> DestinationState? {
        let select = try Statement(
            connection,
            "SELECT \(DestinationState.columns) FROM destination_state WHERE destination = \(destination.row)")
        return try select.step() ? DestinationState(select, at: 0) : nil
    }

    /// Pauses a destination until `resume`, over restarts.
    package func pause(_ destination: DestinationID, reason: String, actor: String) throws(StoreError) {
        try setPaused(
            destination, true, reason: reason, act: OperatorAct(actor: actor, action: "pause", detail: reason))
    }

    /// Ends a pause.
    package func resume(_ destination: DestinationID, actor: String) throws(StoreError) {
        try setPaused(destination, false, reason: "", act: OperatorAct(actor: actor, action: "resume"))
    }

    private func setPaused(
        _ destination: DestinationID, _ isPaused: Bool, reason: String, act: OperatorAct
    ) throws(StoreError) {
        var act = act
        act.destination = try name(of: destination)
        let named = act
        try write { () throws(StoreError) in
            try save(try state(of: destination) ?? DestinationState(), at: destination)
            let update = try Statement(
                connection,
                "UPDATE destination_state SET is_paused = ?, pause_reason = ? WHERE destination = \(destination.row)")
            try update.bind(1, isPaused ? 1 : 0)
            try update.bind(2, reason)
            try update.run()
            try insert(named)
        }
    }

    func name(of destination: DestinationID) throws(StoreError) -> String {
        try connection.text("SELECT name FROM destination WHERE id = \(destination.row)") ?? ""
    }

    /// Everything but the pause.
    func save(_ state: DestinationState, at destination: DestinationID) throws(StoreError) {
        let upsert = try statement(
            """
            INSERT INTO destination_state (destination, breaker, failures, open_until, concurrency, last_error_code,
                last_error_message, last_error_at, saved_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (destination) DO UPDATE SET breaker = excluded.breaker, failures = excluded.failures,
                open_until = excluded.open_until, concurrency = excluded.concurrency,
                last_error_code = excluded.last_error_code, last_error_message = excluded.last_error_message,
                last_error_at = excluded.last_error_at, saved_at = excluded.saved_at
            """)
        defer { upsert.reset() }
        try upsert.bind(1, destination.row)
        try upsert.bind(2, state.breaker.rawValue)
        try upsert.bind(3, Int64(state.failures))
        try upsert.bind(4, state.openUntil)
        try upsert.bind(5, state.concurrency)
        try upsert.bind(6, state.lastErrorCode)
        try upsert.bind(7, String(state.lastErrorMessage.prefix(FailureHistory.maximumMessage)))
        try upsert.bind(8, state.lastErrorAt)
        try upsert.bind(9, state.savedAt)
        try upsert.run()
    }

    private func load(_ destination: DestinationID) throws(StoreError) {
        progress[destination] = try ProgressTable(connection).load(destination: destination.row)
        var events: [BatchAddress: Set<Int>] = [:]
        for attempt in try attempts(of: destination) {
            let address = BatchAddress(segment: attempt.address.segment, batch: attempt.address.batch)
            events[address, default: []].insert(attempt.address.event)
        }
        attemptedEvents[destination] = events
    }
}
