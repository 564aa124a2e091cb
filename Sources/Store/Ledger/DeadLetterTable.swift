/// Reads dead letters from a ledger.
struct DeadLetterTable {
    let connection: Connection

    /// Shows letters in the order of their numbers until `visit` returns false.
    /// - Parameter loading: whether bytes and metadata are wanted.
    func visit(
        _ filter: DeadLetterFilter, loading: Bool, _ visit: (DeadLetter) throws(StoreError) -> Bool
    ) throws(StoreError) {
        guard !filter.excludesLetters, try connection.hasTable("dead_letter") else { return }
        let (condition, values) = filter.condition
        let rows = try Statement(
            connection,
            "SELECT \(Self.columns(loading: loading)) FROM dead_letter WHERE \(condition) ORDER BY dead_letter.id")
        try rows.bind(values)
        while try rows.step() {
            guard try visit(Self.letter(rows)) else { return }
        }
    }

    /// Letters with smaller numbers than `number`, the greatest first, without bytes and metadata.
    func newest(_ filter: DeadLetterFilter, before number: Int64, limit: Int) throws(StoreError) -> [DeadLetter] {
        guard !filter.excludesLetters, try connection.hasTable("dead_letter") else { return [] }
        let (condition, values) = filter.condition
        let rows = try Statement(
            connection,
            """
            SELECT \(Self.columns(loading: false)) FROM dead_letter WHERE \(condition) AND dead_letter.id < ?
            ORDER BY dead_letter.id DESC LIMIT ?
            """)
        try rows.bind(values + [.integer(number), .integer(Int64(limit))])
        var letters: [DeadLetter] = []
        while try rows.step() { letters.append(Self.letter(rows)) }
        return letters
    }

    /// How many letters are meant, and their bytes.
    func count(_ filter: DeadLetterFilter) throws(StoreError) -> (letters: Int64, bytes: Int64) {
        guard !filter.excludesLetters, try connection.hasTable("dead_letter") else { return (0, 0) }
        let (condition, values) = filter.condition
        let row = try Statement(
            connection, "SELECT count(*), coalesce(sum(size), 0) FROM dead_letter WHERE \(condition)")
        try row.bind(values)
        _ = try row.step()
        return (row.integer(0), row.integer(1))
    }

    /// What the letters of a destination take that are not delivered.
    func usage(destination: Int64) throws(StoreError) -> DeadLetterUsage {
        var usage = DeadLetterUsage()
        guard try connection.hasTable("dead_letter") else { return usage }
        let row = try Statement(
            connection, "SELECT letters, bytes FROM dead_letter_usage WHERE destination = \(destination)")
        guard try row.step() else { return usage }
        usage.letters = row.count(0)
        usage.bytes = row.count(1)
        // Numbers rise with time, so the first of each state is its oldest.
        for state in [DeadLetter.State.waiting, .replaying] {
            let oldest = try connection.integer(
                """
                SELECT first_seen_at FROM dead_letter WHERE destination = \(destination) AND state = \(state.rawValue)
                ORDER BY id LIMIT 1
                """)
            if let oldest { usage.oldestAt = min(usage.oldestAt ?? .max, Statement.time(oldest)) }
        }
        return usage
    }

    static func columns(loading: Bool) -> String {
        """
        id, kind, state, (SELECT name FROM destination WHERE destination.id = dead_letter.destination), original, is_copy,
        segment, batch, event, client_name, source, opened_at, origin, traceparent, received_at, first_seen_at,
        last_seen_at, attempts, size, event_id, feature, action, reason, code, message, history, digest,
        \(loading ? "metadata, bytes" : "x'', x''")
        """
    }

    static func letter(_ row: Statement) -> DeadLetter {
        DeadLetter(
            id: .letter(row.integer(0)), kind: DeadLetter.Kind(rawValue: row.integer(1)) ?? .refused,
            state: DeadLetter.State(rawValue: row.integer(2)) ?? .waiting, destination: row.text(3),
            original: row.isNull(4) ? nil : row.integer(4), isEdited: row.integer(5) != 0,
            address: EventAddress(
                segment: UInt64(bitPattern: row.integer(6)), batch: row.integer(7), event: Int(clamping: row.integer(8))
            ),
            stream: StreamRecord(
                client: row.text(9), source: row.text(10), metadata: row.bytes(27), openedAt: row.time(11),
                origin: StreamRecord.Origin(rawValue: row.integer(12)) ?? .stream, traceparent: row.text(13)),
            receivedAt: row.time(14), firstSeenAt: row.time(15), lastSeenAt: row.time(16),
            attempts: row.count(17), size: row.count(18), eventID: row.bytes(19), feature: row.text(20),
            action: row.text(21), reason: row.text(22), code: row.text(23), message: row.text(24),
            history: FailureHistory.decode(row.text(25)), digest: row.text(26), bytes: row.bytes(28))
    }
}

extension Statement {
    /// Binds values to the parameters from `first` on.
    func bind(_ values: [DeadLetterFilter.Value], first: Int32 = 1) throws(StoreError) {
        for (index, value) in values.enumerated() {
            switch value {
            case .integer(let number): try bind(first + Int32(index), number)
            case .text(let text): try bind(first + Int32(index), text)
            }
        }
    }
}
