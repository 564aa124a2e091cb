import Foundation
import TestSupport
import Testing

@testable import Store

/// Progress in the ledger's rows: what comes back after a restart is what was recorded.
struct LedgerProgressTests {
    @Test(arguments: [41, 42, 43] as [UInt64])
    func comesBackAsItWas(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        var ledger = try await DeliveryLedger.open(layout: layout, now: TestClock().now)
        var destination = try await ledger.register(destination: "d")
        var expected: [UInt64: SegmentProgress] = [:]
        for _ in 0..<15 {
            for _ in 0..<20 {
                var resolutions: [Resolution] = []
                for _ in 0..<(1 + generator.below(60)) {
                    let segment = UInt64(1 + generator.below(2))
                    let through = expected[segment]?.throughBatch ?? 0
                    let batch = through + 1 + Int64(generator.below(generator.once(in: 20) ? 9000 : 12))
                    let first = generator.once(in: 4) ? generator.below(3) : 0
                    resolutions.append(
                        Resolution(segment: segment, batch: batch, events: first..<3, batchEvents: 3))
                    _ = expected[segment, default: SegmentProgress()].resolve(
                        batch: batch, events: first..<3, total: 3)
                }
                try await ledger.record(resolutions, at: destination, deliveredBytes: 1)
            }
            #expect(await ledger.progress(of: destination) == expected, "seed \(seed)")
            try await ledger.shutdown()
            ledger = try await DeliveryLedger.open(layout: layout, now: TestClock().now)
            destination = try await ledger.register(destination: "d")
            #expect(await ledger.progress(of: destination) == expected, "seed \(seed)")
        }
        try await ledger.shutdown()
    }

    /// Ranges of whole batches, as version 2 wrote them.
    @Test
    func rangesOfWholeBatchesAreStillRead() async throws {
        let fixture = try await LedgerFixture([["a", "a", "b", "b", "a"]])
        let segment = fixture.segments[0]
        try await fixture.ledger.shutdown()
        try TemporaryDirectory.remove(fixture.layout.ledgerPath)
        let old = try Connection(path: fixture.layout.ledgerPath, mode: .create)
        try MigrationRunner(
            schema: Schema(
                name: "ledger", applicationID: Schema.ledger.applicationID,
                migrations: Array(Schema.ledger.migrations.prefix(2)))
        ).migrate(old)
        try old.execute(
            """
            INSERT INTO destination (name, added_at, delivered_events) VALUES ('d', 1, 112);
            INSERT INTO progress VALUES (1, \(segment), 1, 0, 12);
            INSERT INTO resolved_range VALUES (1, \(segment), 3, 0, 5, 5), (1, \(segment), 4, 1, 2, 5);
            """)
        old.close()
        // Beside a forwarder that has not brought it up yet.
        #expect(try fixture.inspector.status().destinations.first?.waiting.events == 13)
        #expect(try !fixture.inspector.audit().isBalanced)
        let ledger = try await DeliveryLedger.open(layout: fixture.layout, now: fixture.clock.now)
        let destination = try await ledger.register(destination: "d")
        let progress = try #require(await ledger.progress(of: destination)[segment])
        #expect(progress.throughBatch == 1 && progress.isResolved(batch: 3) && !progress.isResolved(batch: 2))
        #expect(progress.remaining(batch: 4, total: 5) == [0..<1, 3..<5])
        let audit = try fixture.inspector.audit()
        #expect(audit.isBalanced, "\(audit.differences)")
        // What is in segments has found its clients; what was delivered before belongs to nobody in particular.
        #expect(audit.clients.map(\.client) == ["", "a", "b"])
        #expect(audit.clients.map(\.outcomes.delivered) == [100, 5, 7])
        #expect(audit.clients.map(\.pending) == [0, 10, 3])
        try await ledger.record(
            [
                Resolution(
                    segment: segment, batch: 2, events: 0..<5, batchEvents: 5,
                    client: ledger.client(name: "a", source: "instance"))
            ], at: destination, deliveredBytes: 1)
        #expect(await ledger.progress(of: destination)[segment]?.throughBatch == 3)
        #expect(try fixture.inspector.audit().isBalanced)
        try await ledger.shutdown()
    }

    /// Set `GATEWAY_MEASURE` to measure: batches that are resolved in no order cost as much each, however many there are.
    @Test
    func shuffledBatchesCostTheSameEach() async throws {
        let isMeasured = ProcessInfo.processInfo.environment["GATEWAY_MEASURE"] != nil
        let sizes = isMeasured ? [4096, 16_384, 65_536] : [4096]
        for size in sizes {
            var generator = SeededGenerator(seed: 51)
            let directory = try TemporaryDirectory()
            let ledger = try await DeliveryLedger.open(
                layout: SpoolLayout(root: directory.path + "/spool"), now: TestClock().now)
            let destination = try await ledger.register(destination: "d")
            let order = Array(1...Int64(size)).shuffled(using: &generator)
            let started = ContinuousClock.now
            var first = 0
            while first < size {
                let group = order[first..<min(size, first + 64)].map {
                    Resolution(segment: 1, batch: $0, events: 0..<10, batchEvents: 10)
                }
                try await ledger.record(group, at: destination, deliveredBytes: 1)
                first += 64
            }
            let elapsed = ContinuousClock.now - started
            if isMeasured { print("LedgerProgressTests: \(size) batches in \(elapsed)") }
            let progress = await ledger.progress(of: destination)
            #expect(progress == [1: SegmentProgress(throughBatch: Int64(size), deliveredEvents: 10 * Int64(size))])
            try await ledger.shutdown()
        }
    }
}
