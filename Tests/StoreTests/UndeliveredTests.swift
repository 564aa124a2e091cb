import Testing

@testable import Store

/// What was given up at a destination is known as long as its segment is there, and never taken for progress.
@Suite struct UndeliveredTests {
    private func undelivered(_ fixture: LedgerFixture, _ segment: Int, _ destination: DestinationID) async throws
        -> [Int64]
    {
        let batches = try await fixture.ledger.undelivered(of: destination, segment: fixture.segments[segment])
        return (-1...10_000).filter { batches.contains($0) }
    }

    @Test
    func expiredBatchesAreKnownUntilTheirSegmentIsGone() async throws {
        let fixture = try await LedgerFixture([["a", "b", "a"], ["a"]])
        let destination = try await fixture.ledger.register(destination: "d")
        let other = try await fixture.ledger.register(destination: "other")
        try await fixture.ledger.record(
            DeliveryRecord(resolutions: [
                try await fixture.resolution(0, 2, client: "b", .expired),
                try await fixture.resolution(0, 1, client: "a"), try await fixture.resolution(0, 3, client: "a"),
            ]), at: destination)
        #expect(try await undelivered(fixture, 0, destination) == [2])
        #expect(try await undelivered(fixture, 1, destination).isEmpty)
        #expect(try await undelivered(fixture, 0, other).isEmpty)
        try await fixture.restart()
        _ = try await fixture.ledger.register(destination: "d")
        #expect(try await undelivered(fixture, 0, destination) == [2])
        let progress = try #require(await fixture.ledger.progress(of: destination)[fixture.segments[0]])
        #expect(progress.throughBatch == 3 && progress.chunks.isEmpty, "no progress is made of it")
        try await fixture.ledger.finish(segment: fixture.segments[0], at: destination)
        try await fixture.close(0, removing: false)
        #expect(try await undelivered(fixture, 0, destination) == [2], "retained for a replay")
        #expect(try fixture.inspector.audit().isBalanced)
        try await fixture.ledger.forget(segment: fixture.segments[0])
        #expect(try await undelivered(fixture, 0, destination).isEmpty)
        try await fixture.ledger.shutdown()
    }

    @Test
    func whatADestinationSkipsIsKnown() async throws {
        let fixture = try await LedgerFixture([["a", "a"]])
        let late = try await fixture.ledger.register(destination: "late", start: .now)
        #expect(try await undelivered(fixture, 0, late) == [1, 2])
        // One that is not configured any more and has got the first batch only.
        let former = try await fixture.ledger.register(destination: "former")
        try await fixture.ledger.record(
            [try await fixture.resolution(0, 1, client: "a")], at: former, deliveredBytes: 1)
        try await fixture.ledger.activate(destinations: [late])
        try await fixture.ledger.finish(segment: fixture.segments[0], at: late)
        try await fixture.close(0, removing: false)
        #expect(try await undelivered(fixture, 0, former) == [2])
        #expect(try await undelivered(fixture, 0, late) == [1, 2])
        try await fixture.ledger.shutdown()
    }

    @Test
    func deadLettersAreLeftOutUntilTheyAreDelivered() async throws {
        let fixture = try await LedgerFixture([["a", "a", "a"]])
        let destination = try await fixture.ledger.register(destination: "d")
        for (batch, event) in [(1, 4), (2, 0), (2, 3), (3, 1)] {
            try await fixture.kill(0, Int64(batch), event, client: "a", at: destination)
        }
        let segment = fixture.segments[0]
        func dead(_ batches: ClosedRange<Int64>) async throws -> [Int64: Set<Int>] {
            try await fixture.ledger.deadEvents(of: destination, segment: segment, batches: batches)
        }
        #expect(try await dead(1...2) == [1: [4], 2: [0, 3]])
        #expect(try await dead(3...9) == [3: [1]])
        try await fixture.ledger.record(DeliveryRecord(replays: [ReplayOutcome(letter: 2)]), at: destination)
        #expect(try await dead(2...2) == [2: [3]])
        try await fixture.ledger.shutdown()
    }

    @Test
    func ordersOfConfiguredDestinationsAreStillNeeded() async throws {
        let fixture = try await LedgerFixture([["a"]])
        let destination = try await fixture.ledger.register(destination: "d")
        let former = try await fixture.ledger.register(destination: "former")
        let jobs = [
            try await fixture.ledger.addReplayJob(at: destination, from: 1, to: 9, client: nil, rate: 0, actor: "ann"),
            try await fixture.ledger.addReplayJob(
                at: destination, from: 1, to: 9, client: nil, rate: 0, includesUndelivered: true, actor: "ann"),
            try await fixture.ledger.addReplayJob(at: former, from: 1, to: 9, client: nil, rate: 0, actor: "ann"),
        ]
        try await fixture.ledger.activate(destinations: [destination])
        var running = try await fixture.ledger.runningReplayJobs()
        #expect(running.map(\.id) == Array(jobs.prefix(2)))
        #expect(running.map(\.includesUndelivered) == [false, true])
        let step = ReplayJobProgress(job: jobs[1], position: SpoolPosition(segment: 5, batch: 0), sent: 1, isDone: true)
        try await fixture.ledger.record(DeliveryRecord(jobs: [step]), at: destination)
        #expect(try await fixture.ledger.cancelReplayJob(jobs[0], actor: "ann"))
        running = try await fixture.ledger.runningReplayJobs()
        #expect(running.isEmpty)
        #expect(try fixture.inspector.replayJobs().map(\.state) == [.cancelled, .done, .running])
        try await fixture.ledger.shutdown()
    }
}
