/// One look at a spool for one client's events: a snapshot of the ledger, then the segments, the newest first.
struct ClientTrace {
    /// Rows after which the clock is looked at.
    private static let rowsBetweenLooks = 4096

    private struct Place {
        let row: Int64
        let progress: [UInt64: SegmentProgress]
        var figures: ClientFigures.Destination
    }

    private let layout: SpoolLayout
    private let client: String
    private let source: String?
    private let bound: TraceBound
    private let receipts: ReceiptReader
    private var places: [Place] = []
    private var closed: Set<UInt64> = []
    private var figures = ClientFigures()

    /// - Parameter source: nil for senders of that name of any kind.
    init(layout: SpoolLayout, client: String, source: String?, bound: TraceBound) {
        self.layout = layout
        self.client = client
        self.source = source
        self.bound = bound
        receipts = ReceiptReader(layout: layout)
    }

    /// - Throws: `newerVersion`, `io`.
    mutating func run() throws(StoreError) -> ClientFigures {
        let ledger = try LedgerFile.openForReading(path: layout.ledgerPath)
        // One snapshot; it lasts until the connection is closed.
        try ledger?.execute("BEGIN")
        if let ledger { try loadLedger(ledger) }
        for number in try layout.segmentNumbers().reversed() {
            guard !bound.isOver else {
                figures.isComplete = false
                break
            }
            do throws(StoreError) {
                try add(number)
            } catch {
                if error.code == .newerVersion { throw error }
                // Gone meanwhile, or damaged: the rest still counts.
                if FileReader.exists(layout.segmentPath(number)) { figures.problems.append(error.message) }
            }
        }
        try addQuarantine(ledger)
        figures.destinations = places.map(\.figures)
        return figures
    }

    private mutating func loadLedger(_ ledger: Connection) throws(StoreError) {
        // Before version 3 the ledger knew no clients.
        guard try ledger.hasTable("client_total") else { return }
        let table = try ProgressTable(ledger)
        let rows = try Statement(ledger, "SELECT id, name, active FROM destination ORDER BY id")
        while try rows.step() {
            var destination = ClientFigures.Destination(name: rows.text(1))
            destination.isActive = rows.integer(2) != 0
            places.append(
                Place(
                    row: rows.integer(0), progress: try table.load(destination: rows.integer(0)), figures: destination)
            )
        }
        for index in places.indices { try describe(&places[index].figures, row: places[index].row, ledger) }
        let known = try Statement(
            ledger, "SELECT 1 FROM client WHERE name = ?1 AND (?2 IS NULL OR source = ?2) AND id > 1")
        try known.bind(1, client)
        if let source { try known.bind(2, source) }
        figures.isInLedger = try known.step()
        let finished = try Statement(ledger, "SELECT segment FROM finished_segment")
        while try finished.step() { closed.insert(UInt64(bitPattern: finished.integer(0))) }
        try loadLetters(ledger)
    }

    private func describe(
        _ destination: inout ClientFigures.Destination, row: Int64, _ ledger: Connection
    ) throws(StoreError) {
        let sums = Outcome.allCases.map { "coalesce(sum(client_total.\($0.column)), 0)" }.joined(separator: ", ")
        let totals = try Statement(
            ledger,
            """
            SELECT coalesce(sum(client_total.accepted), 0), \(sums) FROM client_total
            JOIN client ON client.id = client_total.client
            WHERE client_total.destination = \(row) AND client.name = ?1 AND (?2 IS NULL OR client.source = ?2)
            """)
        try totals.bind(1, client)
        if let source { try totals.bind(2, source) }
        if try totals.step() {
            destination.closedEvents = totals.integer(0)
            destination.outcomes = OutcomeCounts(totals, at: 1)
        }
        let state = try Statement(
            ledger, "SELECT \(DestinationState.columns) FROM destination_state WHERE destination = \(row)")
        if try state.step() { destination.state = DestinationState(state, at: 0) }
    }

    private mutating func loadLetters(_ ledger: Connection) throws(StoreError) {
        // With max(), SQLite takes the other columns from the row that has it.
        let rows = try Statement(
            ledger,
            """
            SELECT destination.name, dead_letter.reason, dead_letter.code, dead_letter.message, count(*),
                max(dead_letter.id), dead_letter.first_seen_at
            FROM dead_letter JOIN destination ON destination.id = dead_letter.destination
            WHERE dead_letter.client_name = ?1 AND (?2 IS NULL OR dead_letter.source = ?2) AND dead_letter.state IN (0, 1)
            GROUP BY dead_letter.destination, dead_letter.reason, dead_letter.code ORDER BY count(*) DESC
            """)
        try rows.bind(1, client)
        if let source { try rows.bind(2, source) }
        while try rows.step() {
            figures.letters.append(
                ClientFigures.Letters(
                    destination: rows.text(0), reason: rows.text(1), code: rows.text(2), message: rows.text(3),
                    events: rows.integer(4), newest: rows.integer(5), newestAt: rows.integer(6)))
        }
    }

    private mutating func add(_ number: UInt64) throws(StoreError) {
        guard let reader = try SegmentReader.open(path: layout.segmentPath(number), number: number) else { return }
        let streams = try streams(reader)
        guard !streams.isEmpty else { return }
        let isClosed = closed.contains(number)
        // Batches of which a receipt may tell, by destination.
        var resolved: [Int: Set<Int64>] = [:]
        // Counted aside, for a segment counts whole or not at all.
        var (figures, places) = (self.figures, self.places)
        let wantsReceipts = places.indices.filter { self.places[$0].figures.lastReceipt == nil }
        let rows = try Statement(
            reader.connection, "SELECT id, stream, events, received_at FROM batch ORDER BY id DESC")
        var looked = 0
        while try rows.step() {
            looked += 1
            if looked % Self.rowsBetweenLooks == 0, bound.isOver {
                figures.isComplete = false
                break
            }
            guard streams.contains(rows.integer(1)) else { continue }
            let (batch, receivedAt) = (rows.integer(0), rows.integer(3))
            // A damaged row may claim any number; no batch has more than its index can hold.
            let events = min(max(0, rows.integer(2)), Int64(UInt32.max))
            figures.storedEvents &+= events
            figures.newestStoredAt = max(figures.newestStoredAt ?? receivedAt, receivedAt)
            for index in places.indices {
                let progress = isClosed ? nil : places[index].progress[number] ?? SegmentProgress()
                let isDone = isClosed || progress?.isFinished == true
                let remaining =
                    isDone ? 0 : progress?.remaining(batch: batch, total: Int(events)).reduce(0) { $0 + $1.count } ?? 0
                if remaining > 0 {
                    places[index].figures.waitingEvents += Int64(remaining)
                    places[index].figures.waitingBatches += 1
                    places[index].figures.oldestWaitingAt = min(
                        places[index].figures.oldestWaitingAt ?? receivedAt, receivedAt)
                }
                if remaining < events, wantsReceipts.contains(index) { resolved[index, default: []].insert(batch) }
            }
        }
        for (index, batches) in resolved {
            places[index].figures.lastReceipt = try lastReceipt(
                segment: number, destination: places[index].row, batches)
        }
        (self.figures, self.places) = (figures, places)
    }

    private func streams(_ reader: SegmentReader) throws(StoreError) -> Set<Int64> {
        let rows = try Statement(
            reader.connection, "SELECT id FROM stream WHERE client = ?1 AND (?2 IS NULL OR source = ?2)")
        try rows.bind(1, client)
        if let source { try rows.bind(2, source) }
        var streams: Set<Int64> = []
        while try rows.step() { streams.insert(rows.integer(0)) }
        return streams
    }

    private func lastReceipt(
        segment: UInt64, destination: Int64, _ batches: Set<Int64>
    ) throws(StoreError) -> EventReceipt? {
        for record in try receipts.records(segment: segment, destination: destination).reversed() {
            for run in record.runs.reversed() where batches.contains(run.batch) && !run.events.isEmpty {
                return record.receipt(batch: run.batch, event: run.events.upperBound - 1)
            }
        }
        return nil
    }

    private mutating func addQuarantine(_ ledger: Connection?) throws(StoreError) {
        var filter = DeadLetterFilter()
        filter.client = client
        filter.kind = .quarantine
        var found: [String: ClientFigures.Quarantined] = [:]
        var isComplete = true
        let (source, bound) = (source, bound)
        try QuarantineList(layout: layout, ledger: ledger).visit(filter) { event in
            guard !bound.isOver else {
                isComplete = false
                return false
            }
            guard source == nil || event.stream.source == source else { return true }
            let id = DeadLetterID.quarantine(segment: event.segment, row: event.row)
            var entry =
                found[event.reason]
                ?? ClientFigures.Quarantined(
                    reason: event.reason, detail: event.detail, events: 0, newestAt: event.receivedAt, newest: id)
            entry.events += 1
            if event.receivedAt >= entry.newestAt {
                (entry.newestAt, entry.newest, entry.detail) = (event.receivedAt, id, event.detail)
            }
            found[event.reason] = entry
            return true
        }
        if !isComplete { figures.isComplete = false }
        figures.quarantined = found.values.sorted { ($1.events, $0.reason) < ($0.events, $1.reason) }
    }
}
