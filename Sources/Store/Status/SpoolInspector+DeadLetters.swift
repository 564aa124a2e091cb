extension SpoolInspector {
    /// The dead letters that are meant, without their bytes, and then the quarantined events that are: at most `limit`.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `corrupt`, `io`.
    package func deadLetters(_ filter: DeadLetterFilter, limit: Int) throws(StoreError) -> [DeadLetter] {
        var letters: [DeadLetter] = []
        guard limit > 0 else { return [] }
        try visitDeadLetters(filter, loading: false) { letter in
            letters.append(letter)
            return letters.count < limit
        }
        return letters
    }

    /// Shows dead letters and quarantined events, one after the other, until `visit` returns false.
    /// - Parameter loading: whether bytes and metadata are wanted.
    package func visitDeadLetters(
        _ filter: DeadLetterFilter, loading: Bool, _ visit: (DeadLetter) throws(StoreError) -> Bool
    ) throws(StoreError) {
        try requireSpool()
        let ledger = try LedgerFile.openForReading(path: layout.ledgerPath)
        var wantsMore = true
        if let ledger {
            try DeadLetterTable(connection: ledger).visit(filter, loading: loading) { (letter) throws(StoreError) in
                wantsMore = try visit(letter)
                return wantsMore
            }
        }
        guard wantsMore else { return }
        try QuarantineList(layout: layout, ledger: ledger).visit(filter) { (event) throws(StoreError) in
            try visit(DeadLetter(event, loading: loading))
        }
    }

    /// One dead letter or quarantined event with its bytes; nil when there is none of that name.
    package func deadLetter(_ id: DeadLetterID) throws(StoreError) -> DeadLetter? {
        var filter = DeadLetterFilter()
        filter.ids = [id]
        var found: DeadLetter?
        try visitDeadLetters(filter, loading: true) { letter in
            found = letter
            return false
        }
        return found
    }

    /// How many dead letters and quarantined events are meant, and their bytes.
    package func countDeadLetters(_ filter: DeadLetterFilter) throws(StoreError) -> (letters: Int64, bytes: Int64) {
        try requireSpool()
        let ledger = try LedgerFile.openForReading(path: layout.ledgerPath)
        var count: (letters: Int64, bytes: Int64) = (0, 0)
        if let ledger { count = try DeadLetterTable(connection: ledger).count(filter) }
        try QuarantineList(layout: layout, ledger: ledger).visit(filter) { event in
            count.letters += 1
            count.bytes += Int64(event.bytes.count + event.stream.metadata.count)
            return true
        }
        return count
    }

    /// Who did what by hand, the newest first.
    package func operatorActs(limit: Int) throws(StoreError) -> [OperatorAct] {
        try requireSpool()
        guard let ledger = try LedgerFile.openForReading(path: layout.ledgerPath), try ledger.hasTable("operator_act")
        else { return [] }
        let rows = try Statement(
            ledger,
            "SELECT at, actor, action, destination, detail, events FROM operator_act ORDER BY id DESC LIMIT \(limit)")
        var acts: [OperatorAct] = []
        while try rows.step() {
            var act = OperatorAct(
                actor: rows.text(1), action: rows.text(2), destination: rows.text(3), detail: rows.text(4),
                events: rows.count(5))
            act.at = rows.time(0)
            acts.append(act)
        }
        return acts
    }

    /// The replays of the past of all destinations, oldest first.
    package func replayJobs() throws(StoreError) -> [ReplayJob] {
        try requireSpool()
        guard let ledger = try LedgerFile.openForReading(path: layout.ledgerPath), try ledger.hasTable("replay_job")
        else { return [] }
        let rows = try Statement(ledger, "SELECT \(ReplayJob.columns) FROM replay_job ORDER BY id")
        var jobs: [ReplayJob] = []
        while try rows.step() { jobs.append(ReplayJob(rows)) }
        return jobs
    }
}

extension DeadLetter {
    /// A quarantined event, as it appears among dead letters.
    init(_ event: StoredQuarantine, loading: Bool) {
        let stream = event.stream
        self.init(
            id: .quarantine(segment: event.segment, row: event.row), kind: .quarantine, state: .waiting,
            destination: "", original: nil, isEdited: false,
            address: EventAddress(segment: event.segment, batch: 0, event: Int(event.row)),
            stream: loading
                ? stream
                : StreamRecord(
                    client: stream.client, source: stream.source, metadata: [], openedAt: stream.openedAt,
                    origin: stream.origin, traceparent: stream.traceparent),
            receivedAt: event.receivedAt, firstSeenAt: event.receivedAt, lastSeenAt: event.receivedAt, attempts: 0,
            size: Int64(event.bytes.count + stream.metadata.count), eventID: event.eventID, feature: "", action: "",
            reason: event.reason, code: event.reason, message: event.detail, history: [], digest: "",
            bytes: loading ? event.bytes : [])
    }
}
