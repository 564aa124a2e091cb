/// One look at a spool for the audit: a snapshot of the ledger, then the segments.
struct AuditPass {
    private struct Destination {
        let id: DestinationID
        let name: String
        let isActive: Bool
        let deliveredEvents: Int64
        let deadLetters: Int64
        let progress: [UInt64: SegmentProgress]
        var rows: [ClientKey: SpoolAudit.Row] = [:]

        mutating func change(_ key: ClientKey, _ body: (inout SpoolAudit.Row) -> Void) {
            var row =
                rows[key]
                ?? SpoolAudit.Row(destination: name, isActive: isActive, client: key.name, source: key.source)
            body(&row)
            rows[key] = row
        }
    }

    /// What the ledger says of clients.
    private struct Clients {
        var known: Set<ClientKey> = []
        var isFull = false

        /// The row under which a sender's events are counted.
        func key(_ entry: ClientEvents) -> ClientKey {
            let key = ClientKey(name: entry.name, source: entry.source)
            return isFull && !known.contains(key) ? AuditPass.other : key
        }
    }

    private static let nobody = ClientKey(name: "", source: "")
    private static let other = ClientKey(name: "(other)", source: "")

    private let layout: SpoolLayout
    private let usesSummaries: Bool
    private var audit = SpoolAudit()
    private var destinations: [Destination] = []
    private var clients = Clients()
    private var damagedEvents: Int64 = 0

    /// - Parameter usesSummaries: whether a segment that no destination has begun counts as its summary says.
    init(layout: SpoolLayout, usesSummaries: Bool) {
        self.layout = layout
        self.usesSummaries = usesSummaries
    }

    /// - Parameter isLast: whether segments that are gone are a difference, and not a reason to look again.
    /// - Returns: nil when segments went meanwhile.
    consuming func run(isLast: Bool) throws(StoreError) -> SpoolAudit? {
        var pass = self
        return try pass.look(isLast: isLast) ? pass.result() : nil
    }

    private mutating func look(isLast: Bool) throws(StoreError) -> Bool {
        guard let ledger = try LedgerFile.openForReading(path: layout.ledgerPath) else {
            audit.notes.append("no forwarder has run on this spool yet: nothing is due anywhere")
            return true
        }
        // One snapshot; it lasts until the connection is closed.
        try ledger.execute("BEGIN")
        guard try ledger.hasTable("client_total") else {
            audit.differences.append(
                "the ledger is of an older version, which does not count outcomes: start this version's forwarder once")
            return true
        }
        try loadDestinations(ledger)
        try loadClients(ledger)
        let closed = try Set(Self.segments(ledger, "SELECT segment FROM finished_segment"))
        let started = try Set(Self.segments(ledger, "SELECT DISTINCT segment FROM progress"))
        damagedEvents = try ledger.integer("SELECT coalesce(sum(events), 0) FROM damaged_batch") ?? 0
        let onDisk = try layout.segmentNumbers()
        for segment in started.subtracting(onDisk).sorted() {
            guard isLast else { return false }
            audit.differences.append(
                "segment \(segment): the ledger waits for it and its file is gone: what was not delivered of it is lost"
            )
            for index in destinations.indices { settle(segment, nil, isDamaged: true, at: index) }
        }
        for segment in onDisk where !closed.contains(segment) {
            guard try add(segment, ledger) || isLast else { return false }
        }
        return true
    }

    /// - Returns: whether the segment is still there.
    private mutating func add(_ segment: UInt64, _ ledger: Connection) throws(StoreError) -> Bool {
        let damaged = try Set(
            Self.numbers(ledger, "SELECT batch FROM damaged_batch WHERE segment = \(Int64(bitPattern: segment))"))
        var asked: [DestinationID: SegmentProgress] = [:]
        for destination in destinations { asked[destination.id] = destination.progress[segment] ?? SegmentProgress() }
        if let account = summarized(segment, damaged, asked) {
            for index in destinations.indices { settle(segment, account, isDamaged: false, at: index) }
            return true
        }
        // While a damaged segment is delivered it is read from its repaired copy.
        let copy = SegmentSalvage(layout: layout).copyPath(segment)
        let isSalvaged = FileReader.exists(copy)
        var account: SegmentAccount?
        var isCutShort = false
        do throws(StoreError) {
            let path = isSalvaged ? copy : layout.segmentPath(segment)
            if let reader = try SegmentReader.open(path: path, number: segment) {
                account = try reader.account(progress: asked, damaged: damaged, through: nil)
                if try reader.sealedTotals() == nil, try layout.segmentNumbers().last != segment {
                    isCutShort = try reader.isCutShort()
                }
            }
        } catch {
            if !FileReader.exists(layout.segmentPath(segment)) { return false }
            guard error.code == .corrupt else { throw error }
            audit.notes.append("segment \(segment) can not be read: \(error.message)")
            isCutShort = true
        }
        if isCutShort { audit.notes.append("segment \(segment) is damaged and not salvaged yet") }
        for index in destinations.indices {
            settle(segment, account, isDamaged: isSalvaged || isCutShort || !damaged.isEmpty, at: index)
        }
        return true
    }

    private func summarized(
        _ segment: UInt64, _ damaged: Set<Int64>, _ progress: [DestinationID: SegmentProgress]
    ) -> SegmentAccount? {
        guard usesSummaries, damaged.isEmpty, progress.values.allSatisfy({ $0 == SegmentProgress() || $0.isFinished }),
            let summary = SegmentSummary.read(segment, layout)
        else { return nil }
        var account = SegmentAccount()
        account.accepted = summary.acceptedByClient()
        for (destination, own) in progress where !own.isFinished { account.waiting[destination] = account.accepted }
        return account
    }

    /// Adds a segment to a destination's equation.
    private mutating func settle(_ segment: UInt64, _ account: SegmentAccount?, isDamaged: Bool, at index: Int) {
        let own = destinations[index].progress[segment] ?? SegmentProgress()
        // Its accepted events are in the totals already, and all are resolved.
        if own.isCounted { return }
        var pending: Int64 = 0
        for entry in account?.accepted ?? [] {
            destinations[index].change(clients.key(entry)) { $0.accepted &+= entry.events }
        }
        for entry in account?.waiting[destinations[index].id] ?? [] {
            pending &+= entry.events
            destinations[index].change(clients.key(entry)) { $0.pending &+= entry.events }
        }
        let accepted = account?.events ?? 0
        let difference = accepted &- pending &- own.resolvedEvents
        guard difference != 0 else { return }
        if isDamaged {
            // What was resolved and can no longer be counted was accepted; what is counted and not seen yet is pending.
            destinations[index].change(Self.nobody) {
                if difference < 0 { $0.accepted &-= difference } else { $0.pending &+= difference }
            }
        } else {
            audit.differences.append(
                "\(destinations[index].name), segment \(segment): \(accepted) accepted, \(own.resolvedEvents) resolved, "
                    + "\(pending) pending: \(difference) too few")
        }
    }

    private consuming func result() -> SpoolAudit {
        var audit = audit
        for destination in destinations {
            var sum = SpoolAudit.Row(destination: destination.name, isActive: destination.isActive)
            var unbalanced: [SpoolAudit.Row] = []
            for row in destination.rows.values {
                sum.accepted &+= row.accepted
                sum.pending &+= row.pending
                sum.outcomes += row.outcomes
                if row.difference != 0 { unbalanced.append(row) }
            }
            audit.destinations.append(sum)
            audit.clients += destination.rows.values.sorted {
                ($0.client ?? "", $0.source ?? "") < ($1.client ?? "", $1.source ?? "")
            }
            if !destination.isActive { audit.notes.append("\(destination.name) is not configured any more") }
            check(sum, unbalanced, destination, &audit)
        }
        return audit
    }

    private func check(
        _ sum: SpoolAudit.Row, _ unbalanced: [SpoolAudit.Row], _ destination: Destination, _ audit: inout SpoolAudit
    ) {
        if sum.difference != 0 {
            audit.differences.append("\(sum.destination): \(Self.text(sum))")
        }
        if sum.outcomes.delivered != destination.deliveredEvents {
            audit.differences.append(
                "\(sum.destination): \(destination.deliveredEvents) delivered in its own row, "
                    + "\(sum.outcomes.delivered) in those of its clients")
        }
        if sum.outcomes.dead != destination.deadLetters {
            audit.differences.append(
                "\(sum.destination): \(sum.outcomes.dead) events are dead, and \(destination.deadLetters) dead letters kept"
            )
        }
        // Who has sent a damaged batch may be known at one time and not at another.
        let shifted = unbalanced.reduce(0) { $0 &+ max(0, $1.difference) }
        if sum.difference == 0, shifted <= max(damagedEvents, sum.outcomes.damaged), !unbalanced.isEmpty {
            audit.notes.append(
                "\(sum.destination): of \(shifted) events the client is not certain, for batches are damaged")
            return
        }
        for row in unbalanced.sorted(by: { ($0.client ?? "") < ($1.client ?? "") }) {
            audit.differences.append(
                "\(row.destination), client \(row.client ?? "") (\(row.source ?? "")): \(Self.text(row))")
        }
    }

    private static func text(_ row: SpoolAudit.Row) -> String {
        let outcomes = Outcome.allCases.map { "\(row.outcomes[$0]) \($0.column)" }.joined(separator: ", ")
        return "\(row.accepted) accepted, \(row.pending) pending, \(outcomes): difference \(row.difference)"
    }

    private mutating func loadDestinations(_ ledger: Connection) throws(StoreError) {
        let table = try ProgressTable(ledger)
        let rows = try Statement(
            ledger,
            """
            SELECT id, name, active, delivered_events,
                (SELECT count(*) FROM dead_letter
                 WHERE dead_letter.destination = destination.id AND kind = 0 AND state IN (0, 1))
            FROM destination ORDER BY id
            """)
        while try rows.step() {
            let id = DestinationID(row: rows.integer(0))
            destinations.append(
                Destination(
                    id: id, name: rows.text(1), isActive: rows.integer(2) != 0, deliveredEvents: rows.integer(3),
                    deadLetters: rows.integer(4), progress: try table.load(destination: id.row)))
        }
        for index in destinations.indices {
            let totals = try Statement(
                ledger,
                """
                SELECT name, source, accepted, \(Outcome.columns) FROM client_total
                JOIN client ON client.id = client_total.client WHERE destination = \(destinations[index].id.row)
                """)
            while try totals.step() {
                let counts = OutcomeCounts(totals, at: 3)
                let accepted = totals.integer(2)
                destinations[index].change(ClientKey(name: totals.text(0), source: totals.text(1))) {
                    $0.accepted = accepted
                    $0.outcomes = counts
                }
            }
        }
    }

    private mutating func loadClients(_ ledger: Connection) throws(StoreError) {
        let rows = try Statement(ledger, "SELECT name, source FROM client")
        while try rows.step() { clients.known.insert(ClientKey(name: rows.text(0), source: rows.text(1))) }
        let maximum = try ledger.integer("SELECT value FROM total WHERE name = 'maximum_clients'") ?? .max
        clients.isFull = Int64(clients.known.count) - 2 >= maximum
    }

    private static func numbers(_ ledger: Connection, _ sql: String) throws(StoreError) -> [Int64] {
        let rows = try Statement(ledger, sql)
        var numbers: [Int64] = []
        while try rows.step() { numbers.append(rows.integer(0)) }
        return numbers
    }

    private static func segments(_ ledger: Connection, _ sql: String) throws(StoreError) -> [UInt64] {
        try numbers(ledger, sql).map { UInt64(bitPattern: $0) }
    }
}
