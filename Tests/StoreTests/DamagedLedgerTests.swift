import Foundation
import TestSupport
import Testing

@testable import Store

/// A ledger whose values make no sense is refused with words that help, or worked with; it never ends the process.
@Suite(.timeLimit(.minutes(5))) struct DamagedLedgerTests {
    /// What was refused, in order.
    private final class Refusals {
        private(set) var problems: [StoreError] = []

        func attempt(_ body: () async throws -> Void) async throws {
            do {
                try await body()
            } catch let error as StoreError {
                problems.append(error)
            }
        }
    }

    /// A ledger with rows in every table, and its spool.
    private static func full() async throws -> LedgerFixture {
        let refused = QuarantineRecord(offset: 5, length: 2, reason: "no_event_id", detail: "why", eventID: [8])
        let fixture = try await LedgerFixture([["a", "b", "a", "b"], ["b", "c"], ["a"]], quarantined: [refused])
        let ledger = fixture.ledger
        let first = try await ledger.register(destination: "first")
        try await ledger.record([fixture.resolution(0, 2, 0..<3, client: "b")], at: first, deliveredBytes: 1)
        try await ledger.record([fixture.resolution(0, 4, client: "b")], at: first, deliveredBytes: 1)
        _ = try await ledger.register(destination: "late", start: .now)
        for event in 0..<3 { try await fixture.kill(0, 1, event, client: "a", at: first) }
        var one = DeadLetterFilter()
        one.ids = [.letter(1)]
        _ = try await ledger.replay(one, rate: 1, actor: "ann")
        _ = try await ledger.replay(
            edited: [EditedLetter(id: .letter(2), bytes: [1], digest: "d2")], rate: 0, actor: "ann")
        let address = EventAddress(segment: fixture.segments[1], batch: 1, event: 0)
        let attempt = EventAttempt(
            address: address, attempts: 1, firstFailedAt: 1, lastFailedAt: 2, nextTryAt: 3,
            history: [AttemptFailure(at: 1, code: "c", message: "m")])
        try await ledger.record(
            DeliveryRecord(
                resolutions: [fixture.resolution(1, 2, client: "c", .expired)], attempts: [attempt],
                state: DestinationState(breaker: .open, failures: 3, openUntil: 5, concurrency: 2, savedAt: 4)),
            at: first)
        try await ledger.setAside([DamagedBatch(segment: fixture.segments[1], id: 1, events: 5, reason: "r")])
        _ = try await ledger.addReplayJob(at: first, from: 1, to: 9, client: "a", rate: 2, actor: "ann")
        try await ledger.keep(await fixture.reader.quarantined(segment: fixture.segments[0], after: 0, limit: 9).events)
        var quarantined = DeadLetterFilter()
        quarantined.ids = [.quarantine(segment: fixture.segments[1], row: 1)]
        _ = try await ledger.purge(quarantined, actor: "ann")
        for name in ["first", "late"] {
            let destination = try #require(try await ledger.destination(name: name))
            try await ledger.finish(segment: fixture.segments[2], at: destination)
        }
        try await fixture.close(2, removing: false)
        try await ledger.shutdown()
        return fixture
    }

    /// What a column may be set to, by its type.
    private static func values(_ type: String) -> [String] {
        switch type {
        case "INTEGER":
            ["-9223372036854775808", "-4097", "0", "1099511627776", "9223372036854775807"]
        case "REAL": ["-1.0", "1e308", "9e999"]
        case "TEXT": ["''", "char(9, 10, 0)", "'9223372036854775807\t\t'"]
        default: ["x''", "x'ff'", "zeroblob(512)", "cast(replace(hex(zeroblob(512)), '00', 'x') as blob)"]
        }
    }

    /// Every column of every table, with the values that it is set to.
    private static func changes(_ path: String) throws -> [String] {
        let connection = try Connection(path: path)
        defer { connection.close() }
        var changes: [String] = []
        let columns = try Statement(
            connection,
            """
            SELECT tables.name, info.name, info.type FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS info
            WHERE tables.type = 'table' AND tables.name NOT LIKE 'sqlite_%' ORDER BY 1, info.cid
            """)
        var column = 0
        while try columns.step() {
            // Two for each column, other ones for its neighbour: all kinds of values are tried in all kinds of columns.
            let all = values(columns.text(2))
            defer { column += 1 }
            for value in [all[column % all.count], all[(column + 2) % all.count]] {
                changes.append("UPDATE OR IGNORE \(columns.text(0)) SET \(columns.text(1)) = \(value)")
            }
        }
        return changes
    }

    @Test func noValueOfAnyRowTraps() async throws {
        let fixture = try await Self.full()
        let changes = try Self.changes(fixture.layout.ledgerPath)
        #expect(changes.count > 200)
        let unchanged = try await Self.use(fixture, changedBy: [])
        #expect(unchanged.isEmpty, "as it is nothing is refused: \(unchanged)")
        var refused = 0
        for change in changes {
            let problems = try await Self.use(fixture, changedBy: [change])
            refused += problems.isEmpty ? 0 : 1
            for problem in problems {
                // A defect of this software is something else, and none of these says what to do.
                #expect(problem.code != .misuse, "\(change): \(problem)")
            }
        }
        // Most values are worked with, and not all.
        #expect(refused > 0 && refused < changes.count / 2, "\(refused) of \(changes.count)")
    }

    @Test(arguments: [71, 72] as [UInt64]) func norDoManyAtOnce(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let fixture = try await Self.full()
        let changes = try Self.changes(fixture.layout.ledgerPath)
        for _ in 0..<20 {
            let some = (0..<4).map { _ in changes[generator.below(changes.count)] }
            for problem in try await Self.use(fixture, changedBy: some) {
                #expect(problem.code != .misuse, "seed \(seed): \(some): \(problem)")
            }
        }
    }

    @Test func whatIsRefusedSaysWhatToDo() async throws {
        let fixture = try await Self.full()
        for change in [
            "UPDATE client SET id = 9223372036854775807 WHERE id = (SELECT max(id) FROM client)",
            "UPDATE client_total SET delivered = 9223372036854775807",
        ] {
            let problems = try await Self.use(fixture, changedBy: [change])
            let first = try #require(problems.first)
            #expect(first.code == .corrupt)
            #expect(first.message.contains("ledger.db") && first.message.contains("keep a copy of the spool directory"))
        }
    }

    @Test func anotherNumberOfEventsThanTheBatchHasIsNotBelieved() {
        var progress = SegmentProgress()
        progress.restore(batch: 1, events: 0..<3, total: 3)
        progress.restore(batch: 2, events: 0..<3, total: 4)
        #expect(progress.remaining(batch: 2, total: 5) == [0..<5], "twice rather than never")
        #expect(progress.resolve(batch: 2, events: 3..<5, total: 5) == 2)
        #expect(progress.remaining(batch: 2, total: 5) == [0..<3])
    }

    /// Does everything that a forwarder and gatewayctl do with a ledger that was changed behind their back.
    /// - Returns: what was refused.
    private static func use(
        _ fixture: LedgerFixture, changedBy changes: [String]
    ) async throws -> [StoreError] {
        // In memory where there is such a place: thousands of syncs prove nothing here.
        let place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : fixture.directory.path
        let copy = SpoolLayout(root: "\(place)/damaged-ledger-\(UUID().uuidString)")
        try copy.create()
        defer { try? TemporaryDirectory.remove(copy.root) }
        for number in fixture.segments { try SpoolImage.copy(number, from: fixture.layout, to: copy) }
        try TemporaryDirectory.copy(fixture.layout.ledgerPath, to: copy.ledgerPath)
        let connection = try Connection(path: copy.ledgerPath)
        for change in changes { try connection.execute(change) }
        connection.close()
        let refusals = Refusals()
        try await refusals.attempt { try await forward(copy, fixture, refusals) }
        let inspector = SpoolInspector(layout: copy)
        try await refusals.attempt { _ = try inspector.status() }
        try await refusals.attempt { _ = try inspector.audit() }
        try await refusals.attempt { _ = try inspector.countDeadLetters(DeadLetterFilter()) }
        try await refusals.attempt { try inspector.visitDeadLetters(DeadLetterFilter(), loading: true) { _ in true } }
        try await refusals.attempt { _ = try inspector.replayJobs() }
        try await refusals.attempt { _ = try inspector.operatorActs(limit: 9) }
        try await refusals.attempt { _ = try inspector.visitWaiting(at: "first") { _ in true } }
        return refusals.problems
    }

    private static func forward(
        _ layout: SpoolLayout, _ fixture: LedgerFixture, _ refusals: Refusals
    ) async throws {
        let ledger = try await DeliveryLedger.open(
            layout: layout, now: fixture.clock.now, deadLetterBounds: DeadLetterBounds(age: .max))
        let reader = try SpoolReader(layout: layout)
        for name in ["first", "late"] {
            try await refusals.attempt {
                let destination = try await ledger.register(destination: name)
                try await work(ledger, destination, fixture, refusals)
            }
        }
        try await refusals.attempt { _ = try await ledger.replay(DeadLetterFilter(), rate: 1, actor: "ann") }
        try await refusals.attempt { _ = try await ledger.cancelReplay(DeadLetterFilter(), actor: "ann") }
        try await refusals.attempt { _ = try await ledger.retainedSegments() }
        try await refusals.attempt { _ = try await ledger.runningReplayJobs() }
        for segment in fixture.segments {
            try await refusals.attempt {
                let account = try await reader.account(
                    segment: segment, progress: ledger.unfinished(segment: segment),
                    damaged: ledger.damagedBatches(segment: segment))
                try await ledger.keep(await reader.quarantined(segment: segment, after: 0, limit: 9).events)
                try await ledger.close(
                    segment: segment, totals: SegmentTotals(batches: 4, events: 20), account: account)
                try await ledger.forget(segment: segment)
            }
        }
        try await refusals.attempt { _ = try await ledger.purge(DeadLetterFilter(), actor: "ann") }
        try await ledger.shutdown()
    }

    private static func work(
        _ ledger: DeliveryLedger, _ destination: DestinationID, _ fixture: LedgerFixture,
        _ refusals: Refusals
    ) async throws {
        let progress = await ledger.progress(of: destination)
        for segment in fixture.segments {
            for batch in 1...4 as ClosedRange<Int64> {
                for range in progress[segment]?.remaining(batch: batch, total: 5) ?? [] {
                    #expect(range.lowerBound >= 0 && range.upperBound <= 5)
                }
            }
            try await refusals.attempt {
                _ = try await ledger.undelivered(of: destination, segment: segment).contains(1)
            }
            try await refusals.attempt {
                _ = try await ledger.deadEvents(of: destination, segment: segment, batches: 1...9)
            }
        }
        try await refusals.attempt { _ = try await ledger.attempts(of: destination) }
        try await refusals.attempt { _ = try await ledger.state(of: destination) }
        try await refusals.attempt { _ = try await ledger.isAtDeadLetterBound(destination) }
        try await refusals.attempt { _ = try await ledger.replayJobs(of: destination) }
        let letters = try await ledger.nextReplays(of: destination, limit: 9)
        try await refusals.attempt {
            let outcomes = letters.compactMap { letter in
                if case .letter(let number) = letter.id { ReplayOutcome(letter: number) } else { nil }
            }
            try await ledger.record(DeliveryRecord(replays: outcomes), at: destination)
        }
        try await refusals.attempt {
            let client = try await ledger.client(name: "new", source: "instance")
            let resolutions = [(0, 1, 0..<5), (0, 2, 3..<5), (0, 3, 0..<5), (1, 1, 0..<2), (1, 2, 0..<5)].map {
                Resolution(
                    segment: fixture.segments[$0.0], batch: Int64($0.1), events: $0.2, batchEvents: 5, client: client,
                    outcome: $0.1 == 3 ? .expired : .delivered)
            }
            try await ledger.record(resolutions, at: destination, deliveredBytes: 7)
        }
        try await refusals.attempt { try await ledger.pause(destination, reason: "r", actor: "ann") }
        for segment in fixture.segments {
            try await refusals.attempt {
                try await ledger.finish(
                    segment: segment, at: destination, totals: SegmentTotals(batches: 4, events: 20))
            }
        }
    }
}
