import TestSupport
import Testing

@testable import Store

/// A spool with its writer, reader and ledger, and the model that it is compared with.
final class SpoolWorld {
    let directory: TemporaryDirectory
    let clock = TestClock()
    let hint: Comment
    var generator: SeededGenerator
    private(set) var layout: SpoolLayout
    private(set) var model: SpoolModel
    private var writer: SegmentWriter
    private var reader: SpoolReader
    private var ledger: DeliveryLedger
    private var destinations: [DestinationID] = []
    private var streams: [StreamHandle] = []
    private var pending: [(record: BatchRecord, ticket: CommitTicket)] = []
    /// Acknowledged batches that have not been looked for yet.
    private var acknowledged: [BatchRecord] = []
    private var generation = 0

    init(seed: UInt64) async throws {
        hint = "seed \(seed)"
        generator = SeededGenerator(seed: seed)
        directory = try TemporaryDirectory()
        layout = SpoolLayout(root: directory.path + "/0")
        model = SpoolModel(destinations: 2)
        writer = try Self.openWriter(layout, clock, segmentBytes: 100_000)
        reader = try SpoolReader(layout: layout)
        ledger = try await DeliveryLedger.open(layout: layout, now: clock.now)
        for number in 0..<4 { streams.append(Batches.stream(number, using: &generator)) }
        try await register()
    }

    func end() async throws {
        await writer.shutdown()
        try await ledger.shutdown()
    }

    // MARK: - Actions

    func append() {
        if generator.once(in: 10) {
            streams[generator.below(4)] = Batches.stream(generator.below(99), using: &generator)
        }
        let record = Batches.random(streams[generator.below(4)], using: &generator)
        pending.append((record, writer.append(record)))
    }

    /// Waits for all batches but the last few, which stay pending.
    func settle(leaving count: Int) async throws {
        while pending.count > count {
            try await pending[0].ticket.committed()
            acknowledged.append(pending.removeFirst().record)
        }
    }

    func restartWriter() async throws {
        await writer.shutdown()
        try await settle(leaving: 0)
        writer = try Self.openWriter(layout, clock, segmentBytes: 1 + generator.below(300_000))
    }

    func restartForwarder() async throws {
        var before: [[UInt64: SegmentProgress]] = []
        for destination in destinations { before.append(await ledger.progress(of: destination)) }
        try await ledger.shutdown()
        reader = try SpoolReader(layout: layout)
        ledger = try await DeliveryLedger.open(layout: layout, now: clock.now)
        try await register()
        for (destination, progress) in zip(destinations, before) {
            #expect(await ledger.progress(of: destination) == progress, hint)
        }
    }

    /// The machine stops now: another directory gets the files as they are, and everything goes on there.
    func crash() async throws {
        generation += 1
        let next = SpoolLayout(root: directory.path + "/\(generation)")
        try next.create()
        for number in try layout.segmentNumbers() { try SpoolImage.copy(number, from: layout, to: next) }
        for suffix in ["", "-wal"] {
            try TemporaryDirectory.copy(layout.ledgerPath + suffix, to: next.ledgerPath + suffix)
        }
        let (oldWriter, oldLedger) = (writer, ledger)
        layout = next
        writer = try Self.openWriter(layout, clock, segmentBytes: 1 + generator.below(300_000))
        reader = try SpoolReader(layout: layout)
        ledger = try await DeliveryLedger.open(layout: layout, now: clock.now)
        await oldWriter.shutdown()
        try await oldLedger.shutdown()
        for entry in pending { try await entry.ticket.committed() }
        try await register()
        // What was pending may be in the copy, from the first one on.
        let unsure = pending.map(\.record)
        pending = []
        try await look(unsure: unsure)
    }

    func resolve() async throws {
        guard !model.rows.isEmpty else { return }
        let destination = generator.below(destinations.count)
        var resolutions: [Resolution] = []
        for _ in 0..<(1 + generator.below(8)) {
            // Mostly near the front, so that segments finish.
            let open = model.rows.filter { !model.isResolved($0, at: destination) }
            let rows = open.isEmpty ? model.rows : open
            let row = rows[generator.below(generator.once(in: 3) ? rows.count : min(3, rows.count))]
            let count = row.record.eventCount
            let first = count == 0 ? 0 : generator.below(count)
            let events =
                generator.once(in: 2)
                ? 0..<count : first..<(count == 0 ? 0 : first + 1 + generator.below(count - first))
            let outcome: Outcome =
                generator.once(in: 4) ? [.expired, .skipped, .purged, .damaged][generator.below(4)] : .delivered
            resolutions.append(
                Resolution(
                    segment: row.position.segment, batch: row.position.batch, events: events, batchEvents: count,
                    client: try await ledger.client(name: row.client.name, source: row.client.source),
                    outcome: outcome))
            model.resolve(row, events, outcome, at: destination)
        }
        try await ledger.record(resolutions, at: destinations[destination], deliveredBytes: 1)
    }

    /// Finishes what is resolved, and removes what every destination has finished.
    func retire() async throws {
        try await settle(leaving: 0)
        try await look()
        let onDisk = try layout.segmentNumbers()
        // The newest may still grow; older ones may be empty, after a crash.
        for segment in onDisk.dropLast() {
            let rows = model.rows(in: segment)
            for index in destinations.indices where model.through(segment, at: index) == Int64(rows.count) {
                try await ledger.finish(segment: segment, at: destinations[index])
                model.finished[index].insert(segment)
            }
            guard model.finished.allSatisfy({ $0.contains(segment) }) else { continue }
            try await keepQuarantined(segment, rows)
            let account = try await reader.account(
                segment: segment, progress: ledger.unfinished(segment: segment),
                damaged: ledger.damagedBatches(segment: segment))
            try await ledger.close(segment: segment, totals: model.totals(rows), account: account)
            #expect(await ledger.closed == [segment], hint)
            try await reader.remove(segment: segment, damaged: ledger.isDamaged(segment: segment))
            try await ledger.forget(segment: segment)
            for row in rows { model.acceptedBefore[row.client, default: 0] += Int64(row.record.eventCount) }
            model.rows.removeAll { $0.position.segment == segment }
            for index in destinations.indices {
                model.finished[index].remove(segment)
                model.resolved[index] = model.resolved[index].filter { $0.key.segment != segment }
                #expect(await ledger.progress(of: destinations[index])[segment] == nil, hint)
            }
        }
    }

    // MARK: - Comparisons

    /// Reads everything and compares: all that is known, then what has been acknowledged since.
    func look(unsure: [BatchRecord] = []) async throws {
        let drain = try await Drain(reader, pageBytes: 1 + generator.below(200_000))
        #expect(drain.damaged.isEmpty, hint)
        let expected = model.rows.map(\.record) + acknowledged
        let found = drain.batches
        try #require(found.count >= expected.count, "\(hint): acknowledged batches are missing")
        try #require(found.count <= expected.count + unsure.count + pending.count, hint)
        let possible = expected + unsure + pending.map(\.record)
        for (batch, record) in zip(found, possible) { #expect(batch.holds(record), hint) }
        for (batch, row) in zip(found, model.rows) {
            #expect(SpoolPosition(segment: batch.segment, batch: batch.id) == row.position, hint)
        }
        // Numbers without gaps, and each batch with its own stream.
        for (segment, batches) in Dictionary(grouping: found, by: \.segment) {
            #expect(batches.map(\.id) == Array(1...Int64(batches.count)), hint)
            guard let end = drain.finished[segment], let totals = end else { continue }
            #expect(totals.batches == Int64(batches.count), hint)
        }
        if let index = found.indices.randomElement(using: &generator) {
            let stream = try await reader.stream(found[index].stream, segment: found[index].segment)
            #expect(stream?.record == possible[index].stream.record, hint)
        }
        let sure = expected.count + (unsure.isEmpty ? 0 : found.count - expected.count)
        model.rows = zip(found, possible).prefix(sure).map {
            SpoolModel.Row(position: SpoolPosition(segment: $0.segment, batch: $0.id), record: $1)
        }
        acknowledged = []
    }

    /// Pages of random sizes from a random place.
    func lookFromTheMiddle() async throws {
        guard let row = model.rows.randomElement(using: &generator) else { return }
        let drain = try await Drain(reader, after: row.position, pageBytes: 1 + generator.below(60_000))
        let rest = model.rows.filter { $0.position > row.position }
        try #require(drain.batches.count >= rest.count, hint)
        for (batch, row) in zip(drain.batches, rest) { #expect(batch.holds(row.record), hint) }
    }

    func inspect() async throws {
        try await settle(leaving: 0)
        try await look()
        let status = try SpoolInspector(layout: layout).status()
        #expect(status.unreadable == [], hint)
        #expect(status.ingestIsRunning && status.forwarderIsRunning, hint)
        // A crash can leave segments without batches.
        let onDisk = try layout.segmentNumbers()
        #expect(status.segments == onDisk.count && Set(onDisk).isSuperset(of: model.segments), hint)
        #expect(status.stored == model.totals(model.rows), hint)
        let inSegments = model.rows.reduce(0) { $0 + $1.record.quarantined.count }
        #expect(status.quarantinedEvents == model.kept + Int64(inSegments), hint)
        #expect(status.damagedBatches == 0, hint)
        try expectBalance()
        for (index, destination) in status.destinations.enumerated() {
            #expect(destination.waiting == model.waiting(at: index), hint)
            #expect(destination.deliveredEvents == model.delivered[index], hint)
            for segment in model.segments {
                let progress = await ledger.progress(of: destinations[index])[segment] ?? SegmentProgress()
                #expect(progress.throughBatch == model.through(segment, at: index), hint)
                for row in model.rows(in: segment) {
                    let remaining = progress.remaining(batch: row.position.batch, total: row.record.eventCount)
                    let known = model.resolved[index][row.position] ?? []
                    #expect(
                        Set(remaining.joined()) == Set(0..<row.record.eventCount).subtracting(known), hint)
                }
            }
        }
    }

    /// The audit says what the model says.
    private func expectBalance() throws {
        let audit = try SpoolInspector(layout: layout).audit()
        #expect(audit.differences == [], hint)
        let accepted = model.accepted
        for (index, name) in ["first", "second"].enumerated() {
            let pending = model.pending(at: index)
            for row in audit.clients where row.destination == name {
                let key = ClientKey(name: row.client ?? "", source: row.source ?? "")
                #expect(row.accepted == accepted[key] ?? 0, hint)
                #expect(row.pending == pending[key] ?? 0, hint)
                #expect(row.outcomes == model.outcomes[index][key] ?? OutcomeCounts(), hint)
            }
            let sum = audit.destinations.first { $0.destination == name }
            #expect(sum?.accepted == accepted.values.reduce(0, +), hint)
        }
    }

    // MARK: -

    private func keepQuarantined(_ segment: UInt64, _ rows: [SpoolModel.Row]) async throws {
        var found: [StoredQuarantine] = []
        while true {
            let page = try await reader.quarantined(
                segment: segment, after: found.last?.row ?? 0, limit: 1 + generator.below(4))
            #expect(page.damaged.isEmpty, hint)
            guard !page.events.isEmpty else { break }
            try await ledger.keep(page.events)
            found += page.events
        }
        let expected = rows.flatMap { row in row.record.quarantined.map { (row.record, $0) } }
        try #require(found.count == expected.count, hint)
        for (stored, (batch, event)) in zip(found, expected) {
            #expect(stored.bytes == Array(batch.payload[event.offset..<(event.offset + event.length)]), hint)
            #expect(stored.eventID == event.eventID && stored.detail == event.detail, hint)
            #expect(stored.stream == batch.stream.record && stored.receivedAt == batch.receivedAt, hint)
        }
        model.kept += Int64(found.count)
    }

    private func register() async throws {
        destinations = [
            try await ledger.register(destination: "first"), try await ledger.register(destination: "second"),
        ]
    }

    private static func openWriter(
        _ layout: SpoolLayout, _ clock: TestClock, segmentBytes: Int
    ) throws -> SegmentWriter {
        var limits = SegmentLimits.standard
        limits.segmentBytes = segmentBytes
        limits.groupCommitBytes = 100_000
        return try SegmentWriter.open(layout: layout, limits: limits, now: clock.now)
    }
}
