internal import Forwarder
internal import Logging
internal import Operator
internal import Runtime
internal import Store
internal import Synchronization
internal import Testing

@Suite struct FiguresTests {
    private static let second: Int64 = 1_000_000_000
    private static let now: Int64 = 1_800_000_000 * second

    /// A clock that a test sets.
    private final class Clock: Sendable {
        private let nanoseconds = Mutex<Int64>(0)
        var time: Int64 { nanoseconds.withLock { $0 } }
        func advance(seconds: Int64) { nanoseconds.withLock { $0 += seconds * FiguresTests.second } }
    }

    private func deliver(
        _ batch: Int64, _ events: Int, at destination: DestinationID, in ledger: DeliveryLedger, _ spool: TemporarySpool
    ) async throws {
        let segment = try #require(try spool.layout.segmentNumbers().first)
        let client = try await ledger.client(name: "instance-1", source: "unlicensed_instance")
        try await ledger.record(
            DeliveryRecord(
                resolutions: [
                    Resolution(
                        segment: segment, batch: batch, events: 0..<events, batchEvents: events, client: client)
                ], deliveredBytes: 10), at: destination)
    }

    @Test func ratesAndTimesComeFromWhatChanges() async throws {
        let spool = try TemporarySpool()
        try await spool.write([["a", "b"], ["c", "d"], ["e", "f"]], receivedAt: Self.now - 60 * Self.second)
        let ledger = try await DeliveryLedger.open(layout: spool.layout, now: { Self.now })
        let destination = try await ledger.register(destination: "d")
        let clock = Clock()
        var reader = FiguresReader(
            layout: spool.layout, limits: SpoolLimits(), now: { Self.now }, monotonic: { clock.time })
        let first = try #require(try reader.read(live: []).destinations.first)
        #expect(first.stored.waiting.events == 6)
        #expect(first.delivery.rateOut == nil)
        #expect(first.timeToEmpty == .unknown)

        try await deliver(1, 2, at: destination, in: ledger, spool)
        clock.advance(seconds: 2)
        let figures = try reader.read(live: [])
        let second = try #require(figures.destinations.first)
        #expect(second.delivery.rateIn == 0)
        #expect(second.delivery.rateOut == 1)
        #expect(second.timeToEmpty == .seconds(4))
        #expect(figures.timeToFull == .never)
        #expect((figures.roomBytes ?? 0) > 0)

        // What a worker knows better counts.
        clock.advance(seconds: 1)
        let live = DeliveryStatus(name: "d", breaker: "open", rateOut: 2)
        let third = try #require(try reader.read(live: [live]).destinations.first)
        #expect(third.delivery.rateOut == 2 && third.delivery.breaker == "open")
        #expect(third.timeToEmpty == .seconds(2))
        try await ledger.shutdown()
    }

    @Test func theLedgerRemembersForThoseWhoDoNotRun() async throws {
        let spool = try TemporarySpool()
        try await spool.write([["a"]], receivedAt: Self.now)
        let ledger = try await DeliveryLedger.open(layout: spool.layout, now: { Self.now })
        let destination = try await ledger.register(destination: "d")
        try await ledger.record(
            DeliveryRecord(
                state: DestinationState(
                    breaker: .open, openUntil: Self.now + 1, concurrency: 7, lastErrorCode: "unavailable",
                    lastErrorMessage: "no", lastErrorAt: Self.now)), at: destination)
        try await ledger.pause(destination, reason: "because", actor: "me")
        try await ledger.shutdown()
        var reader = FiguresReader(layout: spool.layout, limits: SpoolLimits())
        let delivery = try #require(try reader.read(live: []).destinations.first).delivery
        #expect(
            delivery
                == DeliveryStatus(
                    name: "d", breaker: "open", openUntil: Self.now + 1, concurrency: 7,
                    lastError: DeliveryStatus.Failure(code: "unavailable", message: "no", at: Self.now),
                    isPaused: true, pauseReason: "because"))
    }

    @Test func quotaAndReserveEndTheRoom() async throws {
        let spool = try TemporarySpool()
        try await spool.write([["a"]], receivedAt: Self.now)
        var small = FiguresReader(layout: spool.layout, limits: SpoolLimits(quotaBytes: 1 << 30))
        let figures = try small.read(live: [])
        #expect(figures.roomBytes == (1 << 30) - figures.status.bytesOnDisk)
        var full = FiguresReader(layout: spool.layout, limits: SpoolLimits(quotaBytes: 1))
        #expect(try full.read(live: []).roomBytes == 0)
        #expect(try full.read(live: []).timeToFull == .now)
        var reserved = FiguresReader(layout: spool.layout, limits: SpoolLimits(reserveBytes: .max))
        #expect(try reserved.read(live: []).roomBytes == 0)
    }

    @Test func theGaugesSayTheSameFigures() async throws {
        let spool = try TemporarySpool()
        try await spool.write([["a", "b", "c"], ["d"]], receivedAt: Self.now)
        let ledger = try await DeliveryLedger.open(layout: spool.layout, now: { Self.now })
        let destination = try await ledger.register(destination: "d")
        try await spool.bury(["a", "b"], batchEvents: 3, at: destination, in: ledger)
        let registry = PrometheusRegistry()
        let latest = LatestFigures()
        let gauges = try DeliveryGauges(
            layout: spool.layout, limits: Reloadable(SpoolLimits()), steering: RecordedSteering(["d"]), latest: latest,
            bounds: DeadLetterBounds(count: 4, age: .max), registry: registry, logger: Logger(label: "test"))
        await gauges.look()
        let text = registry.exposition()
        for line in [
            #"gateway_backlog_events{destination="d"} 2"#, #"gateway_dead_letters{destination="d"} 2"#,
            #"gateway_dead_letter_bound_ratio{destination="d"} 0.5"#, #"gateway_breaker_state{destination="d"} 0"#,
            #"gateway_audit_difference_events{destination="d"} 0"#, "gateway_quarantined_events 0",
        ] { #expect(text.contains(line + "\n"), "\(line)") }
        #expect(latest.current?.destinations.map(\.name) == ["d"])
        try await ledger.shutdown()
    }
}
