internal import Foundation
internal import TestSupport
internal import Testing

extension SystemTests {
    /// kill -9 at any moment.
    @Suite(.serialized, .timeLimit(.minutes(60))) struct Crash {
        @Test func killIngest() async throws {
            let torture = Torture(rounds: 20)
            var random = SeededGenerator(seed: torture.seed)
            let start = ContinuousClock.now
            try await Workspace.run { workspace in
                let record = AcknowledgementRecord()
                let forwarder = try workspace.forwarder(Torture.forwarderSettings)
                _ = try await forwarder.port()
                for round in 0..<torture.rounds {
                    let ingest = try workspace.ingest(Torture.ingestSettings)
                    let port = try await ingest.port()
                    let killAfter = Int.random(in: 1...Torture.responsesBeforeKill, using: &random)
                    record.after(responses: killAfter) { ingest.signal(SIGKILL) }
                    _ = await Load(name: "r\(round)", record: record).run(port: port)
                    #expect(try await ingest.exit() == .signal(SIGKILL), "round \(round), seed \(torture.seed)")
                }
                try await workspace.drained()
                #expect(try await forwarder.stop() == .code(0))
                let check = try DeliveryCheck(workspace.delivered, record)
                check.expectNothingLost("seed \(torture.seed)")
                // The clients of this test never send again.
                #expect(check.duplicates == 0 && record.repeated == 0, "seed \(torture.seed)")
                torture.report("ingest", check, record, since: start)
            }
        }

        @Test func killForwarder() async throws {
            let torture = Torture(rounds: 20)
            var random = SeededGenerator(seed: torture.seed)
            let start = ContinuousClock.now
            try await Workspace.run { workspace in
                let record = AcknowledgementRecord()
                let ingest = try workspace.ingest(Torture.ingestSettings)
                let port = try await ingest.port()
                let load = Load(name: "f", record: record, allowance: 0)
                var forwarder = try workspace.forwarder(Torture.forwarderSettings)
                _ = try await forwarder.port()
                async let outcomes = load.run(port: port)
                for _ in 0..<torture.rounds {
                    let victim = forwarder
                    let killAfter = Int.random(in: 1...Torture.responsesBeforeKill, using: &random)
                    record.after(responses: killAfter) { victim.signal(SIGKILL) }
                    // More than that, so that work waits for the next one.
                    load.allow(killAfter + Torture.responsesBeforeKill / 2)
                    #expect(try await victim.exit(within: .seconds(60)) == .signal(SIGKILL), "seed \(torture.seed)")
                    forwarder = try workspace.forwarder(Torture.forwarderSettings)
                    _ = try await forwarder.port()
                }
                load.stop()
                for outcome in await outcomes { #expect(outcome.error == nil, "seed \(torture.seed)") }
                try await workspace.drained()
                // With everything recorded, a crash repeats nothing.
                try await forwarder.destroy()
                forwarder = try workspace.forwarder(Torture.forwarderSettings)
                _ = try await forwarder.port()
                #expect(try await ingest.stop() == .code(0))
                try await workspace.drained()
                #expect(try await forwarder.stop() == .code(0))
                let check = try DeliveryCheck(workspace.delivered, record)
                check.expectNothingLost("seed \(torture.seed)")
                #expect(check.unacknowledged == 0, "seed \(torture.seed)")
                let bound = torture.rounds * Torture.duplicateBound(eventBytes: 400)
                #expect(check.duplicates <= bound, "seed \(torture.seed)")
                torture.report("forwarder", check, record, since: start)
            }
        }

        @Test func killBoth() async throws {
            let torture = Torture(rounds: 10)
            var random = SeededGenerator(seed: torture.seed)
            let start = ContinuousClock.now
            try await Workspace.run { workspace in
                let record = AcknowledgementRecord()
                for round in 0..<torture.rounds {
                    let ingest = try workspace.ingest(Torture.ingestSettings)
                    let forwarder = try workspace.forwarder(Torture.forwarderSettings)
                    let port = try await ingest.port()
                    // Its start takes part in the game: a kill may come before it is ready.
                    if Bool.random(using: &random) { _ = try await forwarder.port() }
                    let killAfter = Int.random(in: 1...Torture.responsesBeforeKill, using: &random)
                    let victims = Bool.random(using: &random) ? [ingest, forwarder] : [forwarder, ingest]
                    record.after(responses: killAfter) { for victim in victims { victim.signal(SIGKILL) } }
                    _ = await Load(name: "b\(round)", record: record).run(port: port)
                    for victim in victims {
                        #expect(try await victim.exit() == .signal(SIGKILL), "round \(round), seed \(torture.seed)")
                    }
                }
                let forwarder = try workspace.forwarder(Torture.forwarderSettings)
                _ = try await forwarder.port()
                try await workspace.drained()
                #expect(try await forwarder.stop() == .code(0))
                let check = try DeliveryCheck(workspace.delivered, record)
                check.expectNothingLost("seed \(torture.seed)")
                #expect(check.duplicates <= torture.rounds * Torture.duplicateBound(eventBytes: 400))
                torture.report("both", check, record, since: start)
            }
        }
    }
}
