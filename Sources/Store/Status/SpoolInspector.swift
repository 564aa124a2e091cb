/// Reads a spool's files without changing them, for `gatewayctl`. Blocking: call it from a thread that may wait.
package struct SpoolInspector: Sendable {
    let layout: SpoolLayout

    /// Inspects the spool at a layout.
    package init(layout: SpoolLayout) {
        self.layout = layout
    }

    /// The state of the spool now.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package func status() throws(StoreError) -> SpoolStatus {
        try requireSpool()
        var status = SpoolStatus()
        status.ingestIsRunning = ProcessLock.isHeld(path: layout.ingestLockPath)
        status.forwarderIsRunning = ProcessLock.isHeld(path: layout.forwarderLockPath)
        let ledger = try LedgerFile.openForReading(path: layout.ledgerPath)
        // One snapshot of the ledger, so that its tables agree with each other.
        try ledger?.execute("BEGIN")
        var finished: Set<UInt64> = []
        var progress: [Int64: [UInt64: SegmentProgress]] = [:]
        if let ledger {
            (status.destinations, progress) = try Self.destinations(ledger)
            finished = try Self.finishedSegments(ledger)
            status.damagedBatches = try ledger.integer("SELECT count(*) FROM damaged_batch") ?? 0
            status.damagedEvents = try ledger.integer("SELECT coalesce(sum(events), 0) FROM damaged_batch") ?? 0
            status.quarantinedEvents = try ledger.integer("SELECT count(*) FROM quarantined_event") ?? 0
        }
        let keys = progress.keys.sorted()
        for number in try layout.segmentNumbers() {
            if finished.contains(number) {
                status.retainedSegments += 1
                status.retainedBytes += layout.bytesOnDisk(number)
                continue
            }
            // A segment counts whole or not at all, whatever happens while it is looked at.
            let before = status
            do throws(StoreError) {
                try add(number, to: &status, progress: keys.map { progress[$0]?[number] }, ledger: ledger)
            } catch {
                if error.code == .newerVersion { throw error }
                status = before
                // Gone meanwhile, or damaged: the rest of the spool still counts.
                if FileReader.exists(layout.segmentPath(number)) {
                    status.segments += 1
                    status.bytesOnDisk += layout.bytesOnDisk(number)
                    status.unreadable.append(error.message)
                }
            }
        }
        return status
    }

    /// Whether the segments take more than so many bytes, as far as their files tell.
    package func isLarge(beyond bytes: Int64) -> Bool {
        guard let numbers = try? layout.segmentNumbers() else { return false }
        var sum: Int64 = 0
        return numbers.contains { number in
            sum += layout.bytesOnDisk(number)
            return sum > bytes
        }
    }

    package func requireSpool() throws(StoreError) {
        guard layout.exists else {
            throw StoreError(
                .missingParent,
                "\(layout.root): there is no spool here: name its directory with --spool or GATEWAY_SPOOL_DIRECTORY")
        }
    }

    private func add(
        _ number: UInt64, to status: inout SpoolStatus, progress: [SegmentProgress?], ledger: Connection?
    ) throws(StoreError) {
        status.segments += 1
        status.bytesOnDisk += layout.bytesOnDisk(number)
        let untouched = progress.allSatisfy { $0 == nil || $0?.isFinished == true }
        // Opened cold, a segment is read whole; one that nobody has begun tells enough in its summary.
        if untouched, let summary = SegmentSummary.read(number, layout) {
            return try add(summary, to: &status, progress: progress, ledger: ledger)
        }
        guard let reader = try SegmentReader.open(path: layout.segmentPath(number), number: number) else { return }
        let sealed = try reader.sealedTotals()
        if sealed != nil { status.sealedSegments += 1 }
        let totals = if let sealed { sealed } else { try reader.countedTotals() }
        try add(totals, of: number, to: &status, ledger: ledger)
        for index in status.destinations.indices {
            let known = progress[index] ?? SegmentProgress()
            if known.isFinished { continue }
            let through = known.throughBatch
            var waiting = through == 0 ? totals : try reader.countedTotals(after: through)
            // What is resolved out of turn has its bytes counted until the batches before it are resolved.
            waiting.events -= try reader.resolvedEvents(known)
            waiting.batches = max(0, waiting.batches - known.resolvedBeyond)
            try Self.add(waiting, to: &status.destinations[index]) { () throws(StoreError) in
                try reader.receivedAt(firstAfter: through)
            }
        }
    }

    /// Quarantined events of a segment that were purged while it is on disk.
    private func purgedQuarantine(_ segment: UInt64, _ ledger: Connection?) throws(StoreError) -> Int64 {
        guard let ledger, try ledger.hasTable("purged_quarantine") else { return 0 }
        return try ledger.integer("SELECT count(*) FROM purged_quarantine WHERE segment = \(segment)") ?? 0
    }

    private func add(
        _ summary: SegmentSummary, to status: inout SpoolStatus, progress: [SegmentProgress?], ledger: Connection?
    ) throws(StoreError) {
        status.sealedSegments += 1
        try add(summary.totals, of: summary.number, to: &status, ledger: ledger)
        for index in status.destinations.indices where progress[index]?.isFinished != true {
            Self.add(summary.totals, to: &status.destinations[index]) { summary.batches.first?.receivedAt }
        }
    }

    /// - Parameter oldest: when the first of the batches was received; asked only where it is not known of an older segment.
    private static func add<Failure: Error>(
        _ waiting: SegmentTotals, to destination: inout SpoolStatus.Destination, oldest: () throws(Failure) -> Int64?
    ) throws(Failure) {
        destination.waiting.batches += waiting.batches
        destination.waiting.events += waiting.events
        destination.waiting.payloadBytes += waiting.payloadBytes
        if destination.oldestWaitingAt == nil, waiting.events > 0 { destination.oldestWaitingAt = try oldest() }
    }

    private func add(
        _ totals: SegmentTotals, of number: UInt64, to status: inout SpoolStatus, ledger: Connection?
    ) throws(StoreError) {
        status.stored.batches += totals.batches
        status.stored.events += totals.events
        status.stored.quarantined += totals.quarantined
        status.stored.payloadBytes += totals.payloadBytes
        let kept = try ledger?.integer("SELECT count(*) FROM quarantined_event WHERE segment = \(number)") ?? 0
        let purged = try purgedQuarantine(number, ledger)
        status.quarantinedEvents += max(0, totals.quarantined - kept - purged)
    }

    private static func finishedSegments(_ ledger: Connection) throws(StoreError) -> Set<UInt64> {
        let select = try Statement(ledger, "SELECT segment FROM finished_segment")
        var segments: Set<UInt64> = []
        while try select.step() { segments.insert(UInt64(bitPattern: select.integer(0))) }
        return segments
    }

    /// The destinations in the order of their rows, and each one's progress by segment.
    private static func destinations(
        _ ledger: Connection
    ) throws(StoreError) -> ([SpoolStatus.Destination], [Int64: [UInt64: SegmentProgress]]) {
        var destinations: [SpoolStatus.Destination] = []
        var progress: [Int64: [UInt64: SegmentProgress]] = [:]
        let table = try ProgressTable(ledger)
        let rows = try Statement(
            ledger,
            "SELECT id, name, delivered_events, delivered_bytes, last_delivery_at FROM destination ORDER BY id")
        while try rows.step() {
            progress[rows.integer(0)] = try table.load(destination: rows.integer(0))
            destinations.append(
                SpoolStatus.Destination(
                    name: rows.text(1), deliveredEvents: rows.count(2), deliveredBytes: rows.count(3),
                    lastDeliveryAt: rows.isNull(4) ? nil : rows.time(4), waiting: SegmentTotals()))
        }
        guard try ledger.hasTable("client_total") else { return (destinations, progress) }
        for (index, row) in progress.keys.sorted().enumerated() {
            try describe(&destinations[index], row: row, ledger)
        }
        return (destinations, progress)
    }

    /// What a ledger of version 3 knows more of a destination.
    private static func describe(
        _ destination: inout SpoolStatus.Destination, row: Int64, _ ledger: Connection
    ) throws(StoreError) {
        let sums = Outcome.allCases.map { "coalesce(sum(\($0.column)), 0)" }.joined(separator: ", ")
        let totals = try Statement(ledger, "SELECT \(sums) FROM client_total WHERE destination = \(row)")
        if try totals.step() { destination.outcomes = OutcomeCounts(totals, at: 0) }
        destination.isActive = try ledger.integer("SELECT active FROM destination WHERE id = \(row)") != 0
        let state = try Statement(
            ledger, "SELECT \(DestinationState.columns) FROM destination_state WHERE destination = \(row)")
        if try state.step() { destination.state = DestinationState(state, at: 0) }
        destination.deadLetters = try DeadLetterTable(connection: ledger).usage(destination: row)
        destination.replaying =
            try ledger.integer("SELECT count(*) FROM dead_letter WHERE destination = \(row) AND state = 1") ?? 0
    }
}
