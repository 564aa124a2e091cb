import Logging
import Store
import Testing

@testable import Forwarder

/// Finished segments stay for a replay, go by the policy, and are never delivered again.
@Suite struct SegmentRetirementTests {
    private static let day: Int64 = 86_400_000_000_000
    private static let now: Int64 = 1_800_000_000_000_000_000

    private let policy = RetentionPolicy(
        retention: day, retainedBytes: .max, highWaterBytes: .max, lowWaterFreeBytes: 0)

    /// A spool with sealed segments, and everything that retires them.
    private struct World {
        let directory: TemporaryDirectory
        let layout: SpoolLayout
        let reader: SpoolReader
        let ledger: DeliveryLedger
        let destination: DestinationID
        let retirement: SegmentRetirement

        init(segments: Int, retains: Bool = true) async throws {
            directory = try TemporaryDirectory()
            layout = SpoolLayout(root: directory.path + "/spool")
            for number in 0..<segments {
                let writer = try SegmentWriter.open(layout: layout, now: { now - day + Int64(number) * 1_000_000_000 })
                let stream = StreamHandle(StreamRecord(client: "c", source: "s", metadata: [], openedAt: 0))
                let batch = BatchRecord(stream: stream, receivedAt: 1, payload: [1, 2, 3], index: [0, 3])
                try await writer.append(batch).committed()
                await writer.shutdown()
            }
            (reader, ledger, destination, retirement) = try await Self.open(layout, retains: retains)
        }

        static func open(
            _ layout: SpoolLayout, retains: Bool
        ) async throws -> (SpoolReader, DeliveryLedger, DestinationID, SegmentRetirement) {
            let reader = try SpoolReader(layout: layout)
            let ledger = try await DeliveryLedger.open(layout: layout, now: { now })
            let destination = try await ledger.register(destination: "d")
            let retirement = SegmentRetirement(
                reader: reader, ledger: ledger, destinations: [destination], retainsSegments: retains, now: { now },
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
            try await retirement.resume()
            return (reader, ledger, destination, retirement)
        }

        func finish(_ segment: UInt64) async throws {
            try await ledger.record(
                [Resolution(segment: segment, batch: 1, events: 0..<1, batchEvents: 1)], at: destination,
                deliveredBytes: 3)
            try await retirement.finish(
                segment: segment, at: destination, totals: SegmentTotals(batches: 1, events: 1, payloadBytes: 3))
        }

        func measured() async throws -> SpaceMeasurement {
            try await SpaceSurvey(layout: layout).measure(askingLedger: false)
        }
    }

    @Test func finishedSegmentsStayUntilTheirTimeIsOver() async throws {
        let world = try await World(segments: 2)
        let numbers = try world.layout.segmentNumbers()
        for number in numbers { try await world.finish(number) }
        #expect(try world.layout.segmentNumbers() == numbers)
        #expect(await world.ledger.closed.sorted() == numbers)
        #expect(try await world.retirement.enforce(policy, world.measured(), now: Self.now + Self.day - 1).isEmpty)
        #expect(await world.retirement.retainedUsage.segments == 2)
        #expect(await world.retirement.retainedUsage.bytes > 0)
        let gone = try await world.retirement.enforce(policy, world.measured(), now: Self.now + Self.day)
        #expect(gone.map(\.segment) == numbers && gone.allSatisfy { $0.reason == .age })
        #expect(try world.layout.segmentNumbers().isEmpty)
        #expect(await world.ledger.closed.isEmpty)
        #expect(await world.retirement.retainedUsage == (0, 0))
        try await world.ledger.shutdown()
    }

    @Test func theOldestGoFirstWhenSpaceIsShort() async throws {
        let world = try await World(segments: 3)
        let numbers = try world.layout.segmentNumbers()
        for number in numbers.dropLast() { try await world.finish(number) }
        let measured = try await world.measured()
        var policy = policy
        policy.highWaterBytes = measured.usedBytes - 1
        let gone = try await world.retirement.enforce(policy, measured, now: Self.now)
        #expect(gone == [.init(segment: numbers[0], reason: .space)])
        // What is not delivered never goes, however short space is.
        policy.highWaterBytes = 0
        _ = try await world.retirement.enforce(policy, world.measured(), now: Self.now)
        #expect(try world.layout.segmentNumbers() == [numbers[2]])
        try await world.ledger.shutdown()
    }

    @Test func anOrderForThePastHoldsItsSegments() async throws {
        let world = try await World(segments: 3)
        let numbers = try world.layout.segmentNumbers()
        for number in numbers { try await world.finish(number) }
        let job = try await world.ledger.addReplayJob(
            at: world.destination, from: Self.now - Self.day, to: Self.now, client: nil, rate: 0, actor: "ann")
        let step = ReplayJobProgress(job: job, position: SpoolPosition(segment: numbers[1], batch: 0), sent: 1)
        try await world.ledger.record(DeliveryRecord(jobs: [step]), at: world.destination)
        // The first one is behind it.
        let later = Self.now + 9 * Self.day
        #expect(try await world.retirement.enforce(policy, world.measured(), now: later).map(\.segment) == [numbers[0]])
        var tight = policy
        tight.highWaterBytes = 0
        #expect(
            try await world.retirement.enforce(tight, world.measured(), now: Self.now).map(\.segment)
                == Array(numbers.dropFirst()))
        try await world.ledger.shutdown()
    }

    @Test func aCancelledOrderHoldsNothing() async throws {
        let world = try await World(segments: 1)
        let numbers = try world.layout.segmentNumbers()
        try await world.finish(numbers[0])
        let job = try await world.ledger.addReplayJob(
            at: world.destination, from: Self.now - Self.day, to: Self.now, client: nil, rate: 0, actor: "ann")
        let later = Self.now + 9 * Self.day
        #expect(try await world.retirement.enforce(policy, world.measured(), now: later).isEmpty)
        #expect(try await world.ledger.cancelReplayJob(job, actor: "ann"))
        #expect(try await world.retirement.enforce(policy, world.measured(), now: later).map(\.segment) == numbers)
        try await world.ledger.shutdown()
    }

    @Test(arguments: [true, false]) func aRestartKnowsWhatIsRetained(stillRetains: Bool) async throws {
        let world = try await World(segments: 2)
        let numbers = try world.layout.segmentNumbers()
        try await world.finish(numbers[0])
        try await world.ledger.shutdown()
        let (reader, ledger, _, retirement) = try await World.open(world.layout, retains: stillRetains)
        #expect(try world.layout.segmentNumbers() == (stillRetains ? numbers : [numbers[1]]))
        #expect(await retirement.retainedUsage.segments == (stillRetains ? 1 : 0))
        // Its time goes on from where it was finished.
        _ = try await retirement.enforce(policy, world.measured(), now: Self.now + Self.day)
        #expect(try await reader.segmentNumbers() == [numbers[1]])
        try await ledger.shutdown()
    }

    @Test func aSegmentThatIsGoneAlreadyIsForgotten() async throws {
        let world = try await World(segments: 1)
        let number = try #require(try world.layout.segmentNumbers().first)
        try await world.finish(number)
        // As a process leaves it that dies between the two.
        try await world.reader.remove(segment: number, damaged: false)
        try await world.ledger.shutdown()
        let (_, ledger, _, retirement) = try await World.open(world.layout, retains: true)
        #expect(await ledger.closed.isEmpty)
        #expect(await retirement.retainedUsage.segments == 0)
        try await ledger.shutdown()
    }

    @Test func nothingStaysWithoutRetention() async throws {
        let world = try await World(segments: 1, retains: false)
        try await world.finish(try #require(try world.layout.segmentNumbers().first))
        #expect(try world.layout.segmentNumbers().isEmpty)
        #expect(await world.ledger.closed.isEmpty)
        try await world.ledger.shutdown()
    }
}
