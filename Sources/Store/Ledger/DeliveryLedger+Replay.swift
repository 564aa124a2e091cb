/// Dead letters that are sent again.
extension DeliveryLedger {
    /// Letters that one transaction moves at most, so that deliveries are recorded in between.
    static let lettersAtOnce = 2000

    /// The letters of a destination to be sent again, oldest first.
    /// - Parameter number: only letters after this one, so that those under way are not had twice.
    package func nextReplays(
        of destination: DestinationID, limit: Int, after number: Int64 = 0
    ) throws(StoreError) -> [DeadLetter] {
        let rows = try statement(
            """
            SELECT \(DeadLetterTable.columns(loading: true)) FROM dead_letter
            WHERE destination = ? AND state = 1 AND id > ? ORDER BY id LIMIT ?
            """)
        defer { rows.reset() }
        try rows.bind(1, destination.row)
        try rows.bind(2, number)
        try rows.bind(3, Int64(limit))
        var letters: [DeadLetter] = []
        while try rows.step() { letters.append(DeadLetterTable.letter(rows)) }
        return letters
    }

    /// How many dead letters a second a destination gets at most; 0 without a limit.
    package func replayRate(of destination: DestinationID) throws(StoreError) -> Double {
        let row = try Statement(connection, "SELECT replay_rate FROM destination WHERE id = \(destination.row)")
        return try row.step() ? row.real(0) : 0
    }

    /// Has waiting letters sent again. Quarantined events go to every configured destination.
    /// - Parameter rate: events a second for each destination; 0 without a limit.
    /// - Returns: how many letters are to be sent.
    /// - Throws: `full` when quarantined events do not fit within the bounds of dead letters; those before are replayed.
    package func replay(
        _ filter: DeadLetterFilter, rate: Double, actor: String
    ) async throws(StoreError) -> Int64 {
        var filter = filter
        filter.state = filter.state ?? .waiting
        guard filter.state == .waiting else { return 0 }
        let act = try begin(OperatorAct(actor: actor, action: "replay", detail: filter.text + ", rate \(rate)"))
        var destinations: Set<DestinationID> = []
        var count: Int64 = 0
        var last: Int64 = 0
        while true {
            let places = try places(filter, states: [.waiting], after: last)
            guard let end = places.last else { break }
            last = end.id
            destinations.formUnion(places.map(\.destination))
            try write { () throws(StoreError) in
                try setRate(rate, of: Set(places.map(\.destination)))
                let numbers = places.map { String($0.id) }.joined(separator: ", ")
                try connection.execute("UPDATE dead_letter SET state = 1 WHERE id IN (\(numbers))")
                try go(on: act, events: Int64(places.count))
            }
            count += Int64(places.count)
            await Task.yield()
        }
        guard !filter.excludesQuarantine else { return count }
        for events in try quarantined(filter) {
            count += try replay(events, rate: rate, act: act, bytes: nil, digest: "")
            await Task.yield()
        }
        return count
    }

    /// Has edited copies of waiting letters sent. The originals stay, linked; of letters that do not wait nothing is sent.
    /// - Returns: how many letters are to be sent.
    /// - Throws: `full` when copies of quarantined events do not fit within the bounds of dead letters.
    package func replay(
        edited letters: [EditedLetter], rate: Double, actor: String
    ) throws(StoreError) -> Int64 {
        let act = try begin(
            OperatorAct(
                actor: actor, action: "replay_edited",
                detail: letters.prefix(20).map(\.id.description).joined(separator: " ") + ", rate \(rate)"))
        var count: Int64 = 0
        for letter in letters {
            switch letter.id {
            case .letter(let number):
                count += try replayCopy(of: number, letter, rate: rate, act: act) ? 1 : 0
            case .quarantine:
                var filter = DeadLetterFilter()
                filter.ids = [letter.id]
                for events in try quarantined(filter) {
                    count += try replay(events, rate: rate, act: act, bytes: letter.bytes, digest: letter.digest)
                }
            }
        }
        return count
    }

    /// Takes letters back that are to be sent again. What is under way may arrive all the same.
    /// - Returns: how many wait again.
    package func cancelReplay(_ filter: DeadLetterFilter, actor: String) async throws(StoreError) -> Int64 {
        var filter = filter
        filter.state = .replaying
        let act = try begin(OperatorAct(actor: actor, action: "cancel_replay", detail: filter.text))
        var count: Int64 = 0
        while true {
            let places = try places(filter, states: [.replaying], after: 0)
            guard !places.isEmpty else { return count }
            try write { () throws(StoreError) in
                let numbers = places.map { String($0.id) }.joined(separator: ", ")
                try connection.execute("UPDATE dead_letter SET state = 0 WHERE id IN (\(numbers))")
                try go(on: act, events: Int64(places.count))
            }
            count += Int64(places.count)
            await Task.yield()
        }
    }

    /// Removes letters that wait or are delivered, and quarantined events. Those that are being sent again stay.
    /// - Returns: how many are gone.
    package func purge(_ filter: DeadLetterFilter, actor: String) async throws(StoreError) -> Int64 {
        let act = try begin(OperatorAct(actor: actor, action: "purge", detail: filter.text))
        var count: Int64 = 0
        while true {
            let places = try places(filter, states: [.waiting, .delivered], after: 0)
            guard !places.isEmpty else { break }
            try write { () throws(StoreError) in
                for place in places { try remove(place, outcome: .purged) }
                try go(on: act, events: Int64(places.count))
            }
            count += Int64(places.count)
            await Task.yield()
        }
        guard !filter.excludesQuarantine else { return count }
        for events in try quarantined(filter) {
            try purge(events, act: act)
            count += Int64(events.count)
            await Task.yield()
        }
        return count
    }

    /// Records what became of letters that were sent again, inside the transaction of a record.
    func end(_ replays: [ReplayOutcome], at destination: DestinationID) throws(StoreError) {
        let now = now()
        for outcome in replays {
            let row = try Statement(
                connection,
                """
                SELECT \(LetterPlace.columns), history FROM dead_letter
                WHERE id = \(outcome.letter) AND destination = \(destination.row) AND state IN (0, 1)
                """)
            // Purged meanwhile.
            guard try row.step() else { continue }
            let place = LetterPlace(row)
            guard let failure = outcome.failure else {
                row.reset()
                try markDelivered(place, now: now)
                continue
            }
            let history = FailureHistory.decode(row.text(7)) + [failure]
            row.reset()
            let update = try Statement(
                connection,
                """
                UPDATE dead_letter SET state = 0, attempts = attempts + 1, last_seen_at = ?, code = ?, message = ?,
                    history = ?
                WHERE id = ?
                """)
            try update.bind(1, failure.at)
            try update.bind(2, failure.code)
            try update.bind(3, String(failure.message.prefix(FailureHistory.maximumMessage)))
            try update.bind(4, FailureHistory.encode(history))
            try update.bind(5, place.id)
            try update.run()
        }
    }

    private func replayCopy(
        of number: Int64, _ letter: EditedLetter, rate: Double, act: Int64
    ) throws(StoreError) -> Bool {
        let table = DeadLetterTable(connection: connection)
        var filter = DeadLetterFilter()
        filter.ids = [.letter(number)]
        filter.state = .waiting
        var found: DeadLetter?
        try table.visit(filter, loading: true) {
            found = $0; return false
        }
        guard let original = found, let place = try places(filter, states: [.waiting], after: 0).first else {
            return false
        }
        let row = LetterRow(
            kind: original.kind, state: .replaying, original: number, isCopy: true, address: original.address,
            client: place.client, stream: original.stream, receivedAt: original.receivedAt,
            firstSeenAt: original.firstSeenAt, lastSeenAt: original.lastSeenAt, attempts: original.attempts,
            feature: original.feature, action: original.action, reason: original.reason, code: original.code,
            message: original.message, history: original.history, digest: letter.digest, eventID: original.eventID,
            bytes: letter.bytes)
        // No question of room: at a bound an edited copy may be the only way out, and it is one more for a while only.
        try write { () throws(StoreError) in
            try connection.execute("UPDATE dead_letter SET state = 3 WHERE id = \(number)")
            try insert(row, at: place.destination)
            try setRate(rate, of: [place.destination])
            try go(on: act, events: 1)
        }
        return true
    }

    private func setRate(_ rate: Double, of destinations: Set<DestinationID>) throws(StoreError) {
        let update = try statement("UPDATE destination SET replay_rate = ? WHERE id = ?")
        defer { update.reset() }
        for destination in destinations {
            try update.bind(1, rate)
            try update.bind(2, destination.row)
            try update.run()
        }
    }

    private func replay(
        _ events: [StoredQuarantine], rate: Double, act: Int64, bytes: [UInt8]?, digest: String
    ) throws(StoreError) -> Int64 {
        let active = try activeDestinations()
        for destination in active {
            let size = events.reduce(0) { $0 + Int64((bytes ?? $1.bytes).count + $1.stream.metadata.count) }
            try requireRoom(letters: Int64(events.count), bytes: size, at: destination)
        }
        var clients: [ClientID] = []
        for event in events { clients.append(try client(name: event.stream.client, source: event.stream.source)) }
        let now = now()
        return try write { () throws(StoreError) in
            var count: Int64 = 0
            for destination in active {
                try makeRoom(
                    letters: Int64(events.count),
                    bytes: events.reduce(0) { $0 + Int64($1.bytes.count + $1.stream.metadata.count) }, at: destination)
                for (event, client) in zip(events, clients) {
                    let row = LetterRow(
                        kind: .quarantine, state: .replaying, original: nil, isCopy: bytes != nil,
                        address: EventAddress(segment: event.segment, batch: 0, event: Int(event.row)), client: client,
                        stream: event.stream, receivedAt: event.receivedAt, firstSeenAt: now, lastSeenAt: now,
                        attempts: 0, feature: "", action: "", reason: event.reason, code: event.reason,
                        message: event.detail, history: [], digest: digest, eventID: event.eventID,
                        bytes: bytes ?? event.bytes)
                    if try insert(row, at: destination) { count += 1 }
                }
            }
            try setRate(rate, of: Set(active))
            try go(on: act, events: count)
            return count
        }
    }

    private func purge(_ events: [StoredQuarantine], act: Int64) throws(StoreError) {
        try write { () throws(StoreError) in
            var bytes: Int64 = 0
            for event in events {
                let place = "segment = \(Int64(bitPattern: event.segment)) AND row = \(event.row)"
                try connection.execute("DELETE FROM quarantined_event WHERE \(place)")
                if connection.changes > 0 { bytes += Int64(event.bytes.count + event.stream.metadata.count) }
                // Its segment may still be there, and is not to bring it back.
                if FileReader.exists(layout.segmentPath(event.segment)) {
                    try connection.execute(
                        """
                        INSERT INTO purged_quarantine (segment, row)
                        VALUES (\(Int64(bitPattern: event.segment)), \(event.row)) ON CONFLICT DO NOTHING
                        """)
                }
            }
            if bytes > 0 { try add(-bytes, to: "quarantined_bytes") }
            try go(on: act, events: Int64(events.count))
        }
    }

    /// The quarantined events that are meant, in portions for one transaction.
    private func quarantined(_ filter: DeadLetterFilter) throws(StoreError) -> [[StoredQuarantine]] {
        var portions: [[StoredQuarantine]] = [[]]
        try QuarantineList(layout: layout, ledger: connection).visit(filter) { event in
            if portions[portions.count - 1].count >= 256 { portions.append([]) }
            portions[portions.count - 1].append(event)
            return true
        }
        return portions.filter { !$0.isEmpty }
    }

    private func places(
        _ filter: DeadLetterFilter, states: [DeadLetter.State], after number: Int64
    ) throws(StoreError) -> [LetterPlace] {
        guard !filter.excludesLetters else { return [] }
        let (condition, values) = filter.condition
        let states = states.map { String($0.rawValue) }.joined(separator: ", ")
        let rows = try Statement(
            connection,
            """
            SELECT \(LetterPlace.columns) FROM dead_letter
            WHERE \(condition) AND state IN (\(states)) AND id > \(number) ORDER BY id LIMIT \(Self.lettersAtOnce)
            """)
        try rows.bind(values)
        var places: [LetterPlace] = []
        while try rows.step() { places.append(LetterPlace(rows)) }
        return places
    }

    private func activeDestinations() throws(StoreError) -> [DestinationID] {
        let rows = try Statement(connection, "SELECT id FROM destination WHERE active = 1 ORDER BY id")
        var destinations: [DestinationID] = []
        while try rows.step() { destinations.append(DestinationID(row: rows.integer(0))) }
        return destinations
    }

    /// Writes an act before what it does, which may take several transactions.
    /// - Returns: its number.
    private func begin(_ act: OperatorAct) throws(StoreError) -> Int64 {
        try write { () throws(StoreError) in
            try insert(act)
            return try connection.integer("SELECT max(id) FROM operator_act") ?? 0
        }
    }

    private func go(on act: Int64, events: Int64) throws(StoreError) {
        try connection.execute("UPDATE operator_act SET events = events + \(events) WHERE id = \(act)")
    }
}
