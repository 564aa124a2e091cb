/// Dead letters: kept within bounds, gone only by a decision.
extension DeliveryLedger {
    /// Delivered letters are kept up to this share of the bounds, for people to look at; the oldest go.
    private static let deliveredShare: Int64 = 10

    /// What a destination's dead letters take now.
    package func deadLetterUsage(of destination: DestinationID) throws(StoreError) -> DeadLetterUsage {
        try DeadLetterTable(connection: connection).usage(destination: destination.row)
    }

    /// Whether the dead letters of a destination are at a bound, so that it must pause.
    package func isAtDeadLetterBound(_ destination: DestinationID) throws(StoreError) -> Bool {
        guard deadLetterBounds.policy == .pause else { return false }
        return try deadLetterUsage(of: destination).fill(deadLetterBounds, now: now()) >= 1
    }

    /// Lets dead letters go that are too old, when the policy is `expire`.
    /// - Returns: how many.
    package func expireDeadLetters(of destination: DestinationID) throws(StoreError) -> Int64 {
        guard deadLetterBounds.policy == .expire else { return 0 }
        let before = now() - deadLetterBounds.age
        return try write { () throws(StoreError) in
            try expire(at: destination, "first_seen_at < \(before)", limit: .max) { _ in true }
        }
    }

    /// - Throws: `full` when letters do not fit and nothing may go for them.
    func requireRoom(for letters: [NewDeadLetter], at destination: DestinationID) throws(StoreError) {
        guard !letters.isEmpty else { return }
        try requireRoom(letters: Int64(letters.count), bytes: letters.reduce(0) { $0 + $1.size }, at: destination)
    }

    func requireRoom(letters: Int64, bytes: Int64, at destination: DestinationID) throws(StoreError) {
        guard deadLetterBounds.policy == .pause else { return }
        let usage = try deadLetterUsage(of: destination)
        // One letter always finds room in an empty place, however large it is.
        guard usage.letters > 0 || letters > 1 else { return }
        let bounds = deadLetterBounds
        let isTooOld = usage.oldestAt.map { now() - $0 > bounds.age } ?? false
        guard usage.letters + letters > bounds.count || usage.bytes + bytes > bounds.bytes || isTooOld else { return }
        throw StoreError(
            .full,
            "\(connection.path): the dead letters of \(try name(of: destination)) are at their bound: \(usage.letters) of "
                + "\(bounds.count), \(usage.bytes) of \(bounds.bytes) bytes\(isTooOld ? ", the oldest too old" : ""): "
                + "replay or purge some with gatewayctl dead-letters, raise the bound, or choose to let them expire")
    }

    /// Writes new letters, inside the transaction that resolves their events.
    func insert(_ letters: [NewDeadLetter], at destination: DestinationID) throws(StoreError) {
        guard !letters.isEmpty else { return }
        try makeRoom(
            letters: Int64(letters.count), bytes: letters.reduce(0) { $0 + $1.size }, at: destination)
        let now = now()
        for letter in letters {
            let row = LetterRow(
                kind: .refused, state: .waiting, original: nil, isCopy: false, address: letter.address,
                client: letter.client, stream: letter.stream, receivedAt: letter.receivedAt,
                firstSeenAt: letter.history.first?.at ?? now, lastSeenAt: now, attempts: Int64(letter.attempts),
                feature: letter.feature, action: letter.action, reason: letter.reason, code: letter.code,
                message: letter.message, history: letter.history, digest: letter.digest, eventID: letter.eventID,
                bytes: letter.bytes)
            try insert(row, at: destination)
        }
    }

    /// Lets the oldest letters go, when the policy is `expire`.
    func makeRoom(letters: Int64, bytes: Int64, at destination: DestinationID) throws(StoreError) {
        guard deadLetterBounds.policy == .expire else { return }
        let usage = try deadLetterUsage(of: destination)
        var count = usage.letters + letters - deadLetterBounds.count
        var size = usage.bytes + bytes - deadLetterBounds.bytes
        guard count > 0 || size > 0 else { return }
        _ = try expire(at: destination, "1", limit: usage.letters) { row in
            defer {
                count -= 1
                size -= row.size
            }
            return count > 0 || size > 0
        }
    }

    private func expire(
        at destination: DestinationID, _ condition: String, limit: Int64, while needed: (LetterPlace) -> Bool
    ) throws(StoreError) -> Int64 {
        let rows = try Statement(
            connection,
            """
            SELECT \(LetterPlace.columns) FROM dead_letter WHERE destination = \(destination.row) AND state IN (0, 1)
                AND \(condition) ORDER BY id LIMIT \(limit)
            """)
        var places: [LetterPlace] = []
        while try rows.step() {
            let place = LetterPlace(rows)
            guard needed(place) else { break }
            places.append(place)
        }
        for place in places { try remove(place, outcome: .expired) }
        return Int64(places.count)
    }

    /// - Returns: whether the row is new.
    @discardableResult
    func insert(_ row: LetterRow, at destination: DestinationID) throws(StoreError) -> Bool {
        let insert = try statement(LetterRow.insert)
        defer { insert.reset() }
        try row.bind(to: insert, destination: destination)
        try insert.run()
        guard connection.changes > 0 else { return false }
        try adjustUsage(destination, letters: 1, bytes: row.size)
        return true
    }

    /// Removes a letter with those that it is an edited copy of: together they are one event.
    func remove(_ place: LetterPlace, outcome: Outcome) throws(StoreError) {
        var next: Int64? = place.original
        try delete(place)
        while let number = next {
            let row = try Statement(
                connection, "SELECT \(LetterPlace.columns) FROM dead_letter WHERE id = \(number)")
            guard try row.step() else { break }
            let original = LetterPlace(row)
            row.reset()
            next = original.original
            try delete(original)
        }
        guard place.kind == .refused, place.state != .delivered else { return }
        try move(from: .dead, to: outcome, client: place.client, at: place.destination)
    }

    private func delete(_ place: LetterPlace) throws(StoreError) {
        try connection.execute("DELETE FROM dead_letter WHERE id = \(place.id)")
        if place.state == .delivered {
            try adjustUsage(place.destination, deliveredLetters: -1, deliveredBytes: -place.size)
        } else {
            try adjustUsage(place.destination, letters: -1, bytes: -place.size)
        }
    }

    /// A letter, with those that it is an edited copy of, has been taken by its destination.
    func markDelivered(_ place: LetterPlace, now: Int64) throws(StoreError) {
        var next: LetterPlace? = place
        while let letter = next {
            if letter.state != .delivered {
                try connection.execute(
                    """
                    UPDATE dead_letter SET state = \(DeadLetter.State.delivered.rawValue), last_seen_at = \(now)
                    WHERE id = \(letter.id)
                    """)
                try adjustUsage(
                    letter.destination, letters: -1, bytes: -letter.size, deliveredLetters: 1,
                    deliveredBytes: letter.size)
            }
            next = nil
            guard let original = letter.original else { break }
            let row = try Statement(
                connection, "SELECT \(LetterPlace.columns) FROM dead_letter WHERE id = \(original)")
            if try row.step() { next = LetterPlace(row) }
        }
        if place.kind == .refused {
            try move(from: .dead, to: .delivered, client: place.client, at: place.destination)
            try countDelivered(1, bytes: 0, at: place.destination)
        }
        try evictDelivered(place.destination)
    }

    private func evictDelivered(_ destination: DestinationID) throws(StoreError) {
        while true {
            let usage = try Statement(
                connection,
                "SELECT delivered_letters, delivered_bytes FROM dead_letter_usage WHERE destination = \(destination.row)"
            )
            guard try usage.step(),
                usage.integer(0) > max(1, deadLetterBounds.count / Self.deliveredShare)
                    || usage.integer(1) > max(1, deadLetterBounds.bytes / Self.deliveredShare)
            else { return }
            usage.reset()
            let oldest = try Statement(
                connection,
                """
                SELECT \(LetterPlace.columns) FROM dead_letter
                WHERE destination = \(destination.row) AND state = \(DeadLetter.State.delivered.rawValue)
                ORDER BY id LIMIT 1
                """)
            guard try oldest.step() else { return }
            let place = LetterPlace(oldest)
            oldest.reset()
            try delete(place)
        }
    }

    private func adjustUsage(
        _ destination: DestinationID, letters: Int64 = 0, bytes: Int64 = 0, deliveredLetters: Int64 = 0,
        deliveredBytes: Int64 = 0
    ) throws(StoreError) {
        let upsert = try statement(
            """
            INSERT INTO dead_letter_usage (destination, letters, bytes, delivered_letters, delivered_bytes)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (destination) DO UPDATE SET letters = letters + excluded.letters, bytes = bytes + excluded.bytes,
                delivered_letters = delivered_letters + excluded.delivered_letters,
                delivered_bytes = delivered_bytes + excluded.delivered_bytes
            """)
        defer { upsert.reset() }
        for (index, value) in [destination.row, letters, bytes, deliveredLetters, deliveredBytes].enumerated() {
            try upsert.bind(Int32(index + 1), value)
        }
        try upsert.run()
    }
}
