import TestSupport
import Testing

@testable import Store

/// What the ledger knows of destinations over restarts, and where new ones begin.
struct DestinationTests {
    @Test
    func stateAndAttemptsSurviveARestart() async throws {
        let fixture = try await LedgerFixture([["a", "a"]])
        let destination = try await fixture.ledger.register(destination: "d")
        #expect(try await fixture.ledger.state(of: destination) == nil)
        let state = DestinationState(
            breaker: .halfOpen, failures: 3, openUntil: 11, concurrency: 2.5, lastErrorCode: "unavailable",
            lastErrorMessage: "m", lastErrorAt: 12, savedAt: 13)
        let failures = (0..<30).map { AttemptFailure(at: $0, code: "c", message: "tab\there") }
        let attempts = (0..<3).map { event in
            EventAttempt(
                address: EventAddress(segment: fixture.segments[0], batch: 1, event: event), attempts: 4,
                firstFailedAt: 1, lastFailedAt: 2, nextTryAt: 3, history: failures)
        }
        try await fixture.ledger.record(DeliveryRecord(attempts: attempts, state: state), at: destination)
        try await fixture.restart()
        let again = try await fixture.ledger.register(destination: "d")
        #expect(again == destination)
        #expect(try await fixture.ledger.state(of: again) == state)
        let known = try await fixture.ledger.attempts(of: again)
        #expect(known.map(\.address) == attempts.map(\.address))
        #expect(known.first?.history.map(\.at) == Array(10..<30))
        #expect(known.first?.history.first?.message == "tab here")
        // An attempt goes when its event is resolved, also after the restart; a late one does not come back.
        try await fixture.ledger.record(
            [fixture.resolution(0, 1, 0..<2, client: "a")], at: again, deliveredBytes: 1)
        #expect(try await fixture.ledger.attempts(of: again).map(\.address.event) == [2])
        try await fixture.ledger.record(DeliveryRecord(attempts: [attempts[0]]), at: again)
        #expect(try await fixture.ledger.attempts(of: again).map(\.address.event) == [2])
        try await fixture.ledger.shutdown()
    }

    @Test
    func aPauseIsNotEndedByTheWorker() async throws {
        let fixture = try await LedgerFixture([["a"]])
        let destination = try await fixture.ledger.register(destination: "d")
        try await fixture.ledger.pause(destination, reason: "topic moves", actor: "ann")
        try await fixture.ledger.record(
            DeliveryRecord(state: DestinationState(failures: 1, isPaused: false)), at: destination)
        try await fixture.restart()
        let state = try await fixture.ledger.state(of: destination)
        #expect(state?.isPaused == true && state?.pauseReason == "topic moves" && state?.failures == 1)
        try await fixture.ledger.resume(destination, actor: "bob")
        #expect(try await fixture.ledger.state(of: destination)?.isPaused == false)
        let acts = try fixture.inspector.operatorActs(limit: 10)
        #expect(acts.map(\.action) == ["resume", "pause"] && acts.map(\.actor) == ["bob", "ann"])
        #expect(acts.map(\.destination) == ["d", "d"])
        try await fixture.ledger.shutdown()
    }

    @Test
    func aLaterDestinationStartsNow() async throws {
        let fixture = try await LedgerFixture([["a", "b"], ["a"]])
        let ledger = fixture.ledger
        _ = try await ledger.register(destination: "first")
        let late = try await ledger.register(destination: "late", start: .now)
        let progress = await ledger.progress(of: late)
        #expect(progress.mapValues(\.throughBatch) == [fixture.segments[0]: 2, fixture.segments[1]: 1])
        let audit = try fixture.inspector.audit()
        #expect(audit.isBalanced, "\(audit.differences)")
        #expect(audit.destinations.map(\.outcomes.skipped) == [0, 15])
        #expect(audit.destinations.map(\.pending) == [15, 0])
        // Known already: the start does not matter any more.
        #expect(try await ledger.register(destination: "first", start: .now) != late)
        #expect(try fixture.inspector.audit() == audit)
        try await ledger.shutdown()
    }

    @Test
    func aLaterDestinationGetsRetainedSegments() async throws {
        let fixture = try await LedgerFixture([["a", "b"], ["a"]])
        let ledger = fixture.ledger
        let first = try await ledger.register(destination: "first")
        for (batch, client) in [(Int64(1), "a"), (2, "b")] {
            try await ledger.record([fixture.resolution(0, batch, client: client)], at: first, deliveredBytes: 1)
        }
        try await ledger.finish(segment: fixture.segments[0], at: first)
        try await fixture.close(0, removing: false)
        let retained = try await ledger.retainedSegments()
        #expect(retained.map(\.number) == [fixture.segments[0]])
        #expect(retained.allSatisfy { $0.bytes > 0 && $0.finishedAt > 0 })
        #expect(try fixture.inspector.status().retainedSegments == 1)
        let late = try await ledger.register(destination: "late", start: .oldest)
        #expect(try await ledger.retainedSegments().isEmpty)
        #expect(await ledger.progress(of: first)[fixture.segments[0]]?.isFinished == true)
        var audit = try fixture.inspector.audit()
        #expect(audit.isBalanced, "\(audit.differences)")
        #expect(audit.destinations.map(\.pending) == [5, 15])
        #expect(try await ledger.waiting(segment: fixture.segments[0]) == [late])
        for (batch, client) in [(Int64(1), "a"), (2, "b")] {
            try await ledger.record([fixture.resolution(0, batch, client: client)], at: late, deliveredBytes: 1)
        }
        try await ledger.finish(segment: fixture.segments[0], at: late)
        try await fixture.close(0)
        audit = try fixture.inspector.audit()
        #expect(audit.isBalanced, "\(audit.differences)")
        #expect(audit.destinations.map(\.accepted) == [15, 15])
        try await ledger.shutdown()
    }

    @Test
    func aLedgerThatIsRemovedUnderItsProcessIsNoticed() async throws {
        let fixture = try await LedgerFixture([["a"]])
        let destination = try await fixture.ledger.register(destination: "d")
        let record = [try await fixture.resolution(0, 1, client: "a")]
        let path = fixture.layout.ledgerPath
        let bytes = try TemporaryDirectory.bytes(path)
        try TemporaryDirectory.remove(path)
        for isReplaced in [false, true] {
            if isReplaced { try TemporaryDirectory.write(bytes, to: path) }
            let error = await #expect(throws: StoreError.self) {
                try await fixture.ledger.record(record, at: destination, deliveredBytes: 1)
            }
            #expect(error?.code == .removed)
            #expect(
                error?.message.contains(path) == true && error?.message.contains("start the forwarder again") == true)
        }
        #expect(await fixture.ledger.progress(of: destination).isEmpty)
    }

    @Test
    func replaysOfThePastGoOnAfterARestart() async throws {
        let fixture = try await LedgerFixture([["a"]])
        let destination = try await fixture.ledger.register(destination: "d")
        let job = try await fixture.ledger.addReplayJob(
            at: destination, from: 1, to: 9, client: "a", rate: 2.5, actor: "ann")
        let other = try await fixture.ledger.addReplayJob(
            at: destination, from: 1, to: 9, client: nil, rate: 0, actor: "ann")
        try await fixture.ledger.record(
            DeliveryRecord(jobs: [
                ReplayJobProgress(job: job, position: SpoolPosition(segment: 4, batch: 2), sent: 7)
            ]), at: destination)
        try await fixture.restart()
        var jobs = try await fixture.ledger.replayJobs(of: destination)
        #expect(jobs.map(\.sent) == [7, 0] && jobs.map(\.client) == ["a", nil] && jobs.map(\.rate) == [2.5, 0])
        #expect(jobs.first?.position == SpoolPosition(segment: 4, batch: 2))
        try await fixture.ledger.record(
            DeliveryRecord(jobs: [
                ReplayJobProgress(job: job, position: SpoolPosition(segment: 5, batch: 0), sent: 1, isDone: true)
            ]), at: destination)
        #expect(try await fixture.ledger.cancelReplayJob(other, actor: "bob"))
        #expect(try await !fixture.ledger.cancelReplayJob(job, actor: "bob"))
        jobs = try fixture.inspector.replayJobs()
        #expect(jobs.map(\.state) == [.done, .cancelled] && jobs.map(\.sent) == [8, 0])
        try await fixture.ledger.shutdown()
    }
}
