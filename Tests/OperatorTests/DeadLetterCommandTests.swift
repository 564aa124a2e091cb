internal import Contract
internal import Forwarder
internal import Foundation
internal import Operator
internal import Store
internal import SwiftProtobuf
internal import Testing

/// What operators' commands do to a real ledger, with a running forwarder and without.
@Suite struct DeadLetterCommandTests {
    private static let now: Int64 = 1_800_000_000_000_000_000

    /// A spool whose first destination has refused two of five events.
    private func refused() async throws -> TemporarySpool {
        let spool = try TemporarySpool()
        try await spool.write([["a", "b", "c"], ["d", "e"]], receivedAt: Self.now)
        let ledger = try await DeliveryLedger.open(layout: spool.layout, now: { Self.now })
        let first = try await ledger.register(destination: "first")
        _ = try await ledger.register(destination: "second")
        try await spool.bury(["a", "b"], batchEvents: 3, at: first, in: ledger)
        try await ledger.shutdown()
        return spool
    }

    private func replay(_ edit: String? = nil, isDryRun: Bool = false) throws -> ControlCommand {
        .replayDeadLetters(DeadLetterFilter(), rate: 5, edit: try edit.map { try EventEdit($0) }, isDryRun: isDryRun)
    }

    @Test func aDryRunCountsAndChangesNothing() async throws {
        let spool = try await refused()
        let access = ForwarderAccess(layout: spool.layout)
        let before = try spool.deadLetters()
        let replayed = try await access.perform(replay("del(.parameters)", isDryRun: true))
        #expect(replayed.events == 2 && replayed.isDryRun)
        let purged = try await access.perform(.purgeDeadLetters(DeadLetterFilter(), isDryRun: true))
        #expect(purged.events == 2 && purged.bytes == before.reduce(0) { $0 + $1.size })
        #expect(try spool.deadLetters() == before)
    }

    @Test func lettersAreSentAgainAsTheyAre() async throws {
        let spool = try await refused()
        let result = try await ForwarderAccess(layout: spool.layout).perform(replay())
        #expect(result.events == 2)
        #expect(try spool.deadLetters { $0.state = .replaying }.count == 2)
        // Nothing waits any more, so nothing happens the second time.
        #expect(try await ForwarderAccess(layout: spool.layout).perform(replay()).events == 0)
    }

    @Test func whatIsBeingSentAgainCanBeTakenBack() async throws {
        let spool = try await refused()
        let access = ForwarderAccess(layout: spool.layout)
        #expect(try await access.perform(replay()).events == 2)
        var one = DeadLetterFilter()
        one.ids = [.letter(1)]
        let dryRun = try await access.perform(.cancelDeadLetterReplay(one, isDryRun: true))
        #expect(dryRun.events == 1 && dryRun.bytes > 0 && dryRun.isDryRun)
        #expect(try spool.deadLetters { $0.state = .replaying }.count == 2)
        #expect(try await access.perform(.cancelDeadLetterReplay(one, isDryRun: false)).events == 1)
        #expect(try spool.deadLetters { $0.state = .waiting }.map(\.id) == [.letter(1)])
        #expect(try await access.perform(.cancelDeadLetterReplay(DeadLetterFilter(), isDryRun: false)).events == 1)
        #expect(try spool.deadLetters { $0.state = .waiting }.count == 2)
        var wrong = DeadLetterFilter()
        wrong.state = .waiting
        let refused = ControlCommand.cancelDeadLetterReplay(wrong, isDryRun: false)
        let failure = await #expect(throws: ControlFailure.self) {
            try await access.perform(refused)
        }
        #expect(failure?.code == .invalid)
    }

    @Test func anOrderForThePastIsCancelledOnce() async throws {
        let spool = try await refused()
        let access = ForwarderAccess(layout: spool.layout)
        let order = try await access.perform(
            .replayPast(PastReplay(from: Self.now, to: Self.now + 1, destination: "second")))
        let job = try #require(order.jobs.first)
        let cancelled = try await access.perform(.cancelPastReplay(job: job))
        #expect(cancelled == ControlResult(destinations: ["second"], jobs: [job]))
        #expect(try SpoolInspector(layout: spool.layout).replayJobs().map(\.state) == [.cancelled])
        for number in [job, job + 1] {
            let failure = await #expect(throws: ControlFailure.self) {
                try await access.perform(.cancelPastReplay(job: number))
            }
            #expect(failure?.code == .notFound)
            #expect(failure?.message.contains("order \(number)") == true)
            #expect(failure.map { OperatorFailure($0).code.exitCode } == 1)
        }
    }

    @Test func anEditedCopyGoesAndTheOriginalStays() async throws {
        let spool = try await refused()
        let original = try spool.deadLetters()
        let edit = "del(.parameters.privateMetadata.secret)"
        #expect(try await ForwarderAccess(layout: spool.layout).perform(replay(edit)).events == 2)
        let copies = try spool.deadLetters { $0.state = .replaying }
        #expect(copies.map(\.isEdited) == [true, true])
        #expect(copies.map { $0.original.map { DeadLetterID.letter($0) } } == original.map(\.id))
        for copy in copies {
            let event = try Telemetrygateway_V1_Event(serializedBytes: copy.bytes)
            #expect(event.parameters.privateMetadata.fields.isEmpty)
            #expect(copy.digest == EventDigest.hex(copy.bytes))
        }
        #expect(try spool.deadLetters { $0.state = .replaced }.map(\.bytes) == original.map(\.bytes))
    }

    @Test func whenOneCanNotBeEditedNoneIsSent() async throws {
        let spool = try await refused()
        let ledger = try await DeliveryLedger.open(layout: spool.layout, now: { Self.now })
        let second = try await ledger.register(destination: "second")
        try await spool.bury(["x"], batchEvents: 3, bytes: [0xFF], at: second, in: ledger)
        try await ledger.shutdown()
        let failure = await #expect(throws: ControlFailure.self) {
            try await ForwarderAccess(layout: spool.layout).perform(self.replay(".feature = \"other\""))
        }
        #expect(failure?.code == .editFailed)
        #expect(failure?.message.contains("dead letter 3") == true)
        #expect(failure.map { OperatorFailure($0).code.exitCode } == 1)
        #expect(try spool.deadLetters { $0.state = .waiting }.count == 3)
    }

    @Test func whatIsPurgedIsGoneAndCounted() async throws {
        let spool = try await refused()
        var filter = DeadLetterFilter()
        filter.ids = [.letter(1)]
        let result = try await ForwarderAccess(layout: spool.layout)
            .perform(.purgeDeadLetters(filter, isDryRun: false))
        #expect(result.events == 1)
        #expect(try spool.deadLetters().map(\.id) == [.letter(2)])
        let first = try #require(try SpoolInspector(layout: spool.layout).status().destinations.first)
        #expect(first.outcomes.purged == 1 && first.outcomes.dead == 1)
    }

    @Test func aRunningForwarderIsAskedAndItsWorkersAreTold() async throws {
        let spool = try await refused()
        let ledger = try await DeliveryLedger.open(layout: spool.layout, now: { Self.now })
        let first = try await ledger.register(destination: "first")
        let steering = RecordedSteering(["first", "second"])
        let commands = try LedgerCommands(ledger: ledger, layout: spool.layout, steering: steering)
        let access = ForwarderAccess(layout: spool.layout)
        let replay = try replay()
        try await ControlServing.serve(commands, at: spool.layout) {
            #expect(try await access.perform(.pause(destination: "first", reason: "why")).destinations == ["first"])
            #expect(try await ledger.state(of: first)?.isPaused == true)
            #expect(try await ledger.state(of: first)?.pauseReason == "why")
            #expect(try await access.perform(.resume(destination: nil)).destinations == ["first", "second"])
            #expect(try await ledger.state(of: first)?.isPaused == false)
            #expect(try await access.perform(replay).events == 2)
            #expect(try await ledger.nextReplays(of: first, limit: 10).count == 2)
            #expect(try await ledger.replayRate(of: first) == 5)
            _ = try await access.perform(.drain(destination: "second", thenExit: true))
            let past = PastReplay(from: Self.now, to: Self.now + 1, client: "instance-1", destination: "second")
            let replayed = try await access.perform(.replayPast(past))
            #expect(replayed.events == 5 && replayed.jobs.count == 1)
            let unknown = await #expect(throws: ControlFailure.self) {
                try await access.perform(.pause(destination: "third", reason: ""))
            }
            #expect(unknown?.code == .unknownDestination)
            #expect(unknown?.message.contains("known: first, second") == true)
            var collector = StatusCollector(layout: spool.layout, limits: SpoolLimits())
            let report = try await collector.collect()
            #expect(report.liveProblem == nil)
            #expect(report.figures.destinations.map(\.delivery.breaker) == ["closed", "closed"])
            #expect(report.figures.destinations.map { $0.replays.map(\.id) } == [[], replayed.jobs])
        }
        #expect(
            steering.calls == [
                "pause changed at first", "pause changed at first", "pause changed at second",
                "replay added at first", "replay added at second", "drain second, then exit: true",
                "replay added at second",
            ])
        try await ledger.shutdown()
    }

    @Test func withoutAForwarderItIsPausedAllTheSameButNotDrained() async throws {
        let spool = try await refused()
        let access = ForwarderAccess(layout: spool.layout)
        #expect(try await access.perform(.pause(destination: nil, reason: "")).destinations == ["first", "second"])
        let failure = await #expect(throws: ControlFailure.self) {
            try await access.perform(.drain(destination: nil, thenExit: false))
        }
        #expect(failure?.code == .notRunning)
        // It has let go of the lock.
        #expect(!ProcessLock.isHeld(path: spool.layout.forwarderLockPath))
    }

    @Test func withoutAForwarderTheLimitsOfTheLastOneHold() async throws {
        let spool = try await refused()
        try await spool.quarantine("q", reason: "no_event_id", receivedAt: Self.now + 1_000_000)
        var collector = StatusCollector(layout: spool.layout, limits: SpoolLimits())
        #expect(try await collector.collect().limitsOrigin == .fileSystem)
        let ledger = try await DeliveryLedger.open(layout: spool.layout, now: { Self.now })
        // The two letters that there are fill it.
        let limits = ForwarderLimits(
            quotaBytes: 1 << 40, reserveBytes: 5, deadLetters: DeadLetterBounds(count: 2, age: .max))
        try await ledger.publish(limits)
        try await ledger.shutdown()
        let report = try await collector.collect()
        #expect(report.limits == limits && report.limitsOrigin == .lastForwarder)
        #expect(report.text(style: .plain).contains("limits of the last forwarder"))
        #expect(report.text(style: .plain).contains("2 of 2, "))
        var quarantined = DeadLetterFilter()
        quarantined.kind = .quarantine
        let replay = ControlCommand.replayDeadLetters(quarantined, rate: nil, edit: nil, isDryRun: false)
        let failure = await #expect(throws: ControlFailure.self) {
            try await ForwarderAccess(layout: spool.layout).perform(replay)
        }
        #expect(failure?.code == .full)
    }

    @Test func aSpoolThatNoForwarderHasSeenIsLeftAlone() async throws {
        let spool = try TemporarySpool()
        try await spool.write([["a"]], receivedAt: Self.now)
        let failure = await #expect(throws: ControlFailure.self) {
            try await ForwarderAccess(layout: spool.layout).perform(.pause(destination: nil, reason: ""))
        }
        #expect(failure?.code == .notRunning)
        #expect(!FileManager.default.fileExists(atPath: spool.layout.ledgerPath))
    }

    @Test func aForwarderThatDoesNotAnswerIsNamed() async throws {
        let spool = try await refused()
        let ledger = try await DeliveryLedger.open(layout: spool.layout, now: { Self.now })
        let failure = await #expect(throws: ControlFailure.self) {
            try await ForwarderAccess(layout: spool.layout, patience: .zero).perform(.resume(destination: nil))
        }
        #expect(failure?.code == .unreachable)
        #expect(failure?.message.contains(spool.layout.controlSocketPath) == true)
        try await ledger.shutdown()
    }
}
