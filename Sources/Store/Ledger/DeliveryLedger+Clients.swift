/// Who sent what: a row a client, and what became of its events.
extension DeliveryLedger {
    /// The client's row, made when it is new. Beyond the ledger's limit all share one.
    package func client(name: String, source: String) throws(StoreError) -> ClientID {
        let key = ClientKey(name: name, source: source)
        if let known = newClients[key] { return known }
        let select = try statement("SELECT id FROM client WHERE name = ? AND source = ?")
        defer { select.reset() }
        try select.bind(1, name)
        try select.bind(2, source)
        if try select.step() { return ClientID(row: select.integer(0)) }
        // Rows 0 and 1 are nobody's.
        guard clientRows + Int64(newClients.count) - 2 < maximumClients else { return .other }
        let client = ClientID(row: nextClient)
        nextClient += 1
        newClients[key] = client
        return client
    }

    /// The row of a client that a segment names.
    func client(of entry: ClientEvents) throws(StoreError) -> ClientID {
        try entry.name.isEmpty && entry.source.isEmpty
            ? ClientID.none : client(name: entry.name, source: entry.source)
    }

    func insertNewClients() throws(StoreError) {
        guard !newClients.isEmpty else { return }
        let insert = try statement("INSERT INTO client (id, name, source) VALUES (?, ?, ?)")
        defer { insert.reset() }
        for (key, client) in newClients {
            try insert.bind(1, client.row)
            try insert.bind(2, key.name)
            try insert.bind(3, key.source)
            try insert.run()
        }
    }

    /// They have rows now.
    func forgetNewClients() {
        clientRows += Int64(newClients.count)
        newClients = [:]
    }

    /// Adds to what became of a client's events.
    func add(_ counts: OutcomeCounts, accepted: Int64 = 0, client: ClientID, at destination: DestinationID)
        throws(StoreError)
    {
        let sets = Outcome.allCases.map { "\($0.column) = \($0.column) + excluded.\($0.column)" }
        let upsert = try statement(
            """
            INSERT INTO client_total (destination, client, accepted, \(Outcome.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (destination, client) DO UPDATE SET accepted = accepted + excluded.accepted,
                \(sets.joined(separator: ", "))
            """)
        defer { upsert.reset() }
        try upsert.bind(1, destination.row)
        try upsert.bind(2, client.row)
        try upsert.bind(3, accepted)
        for (index, outcome) in Outcome.allCases.enumerated() { try upsert.bind(Int32(index + 4), counts[outcome]) }
        try upsert.run()
    }

    /// Moves events from one outcome to another.
    func move(
        _ events: Int64 = 1, from: Outcome, to: Outcome, client: ClientID, at destination: DestinationID
    ) throws(StoreError) {
        var counts = OutcomeCounts()
        counts[from] = -events
        counts[to] = events
        try add(counts, client: client, at: destination)
    }
}
