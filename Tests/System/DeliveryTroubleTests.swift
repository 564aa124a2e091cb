internal import FakePubSub
internal import Foundation
internal import Store
internal import Testing

extension SystemTests {
    /// Destinations that refuse everything, and a ledger that is gone: nothing is given up because of them.
    @Suite(.serialized) struct DeliveryTrouble {
        private func events(_ name: String, _ count: Int) -> [TestEvent] {
            (0..<count).map { TestEvent(id: "\(name)-\($0)", number: $0) }
        }

        @Test(arguments: [(Failure.notFound, "not_found"), (.permissionDenied, "permission_denied")])
        func whatTheDestinationDoesNotLetAnybodyDoKillsNoEvent(_ failure: Failure, _ code: String) async throws {
            try await Workspace.run { workspace in
                let fake = try await FakePubSub.start(script: FailureScript(seed: 1, mix: [failure: 1]))
                let ingest = try workspace.ingest()
                // Were these attempts of the events, there would be dead letters at once.
                let forwarder = try workspace.forwarder(
                    fake.settings.merging(["GATEWAY_EVENT_ATTEMPTS": "1"]) { $1 })
                let port = try await ingest.port()
                _ = try await forwarder.port()
                let waiting = events("waiting", 1500)
                try await workspace.send(waiting, to: port)
                try await eventually("it is tried again and again") { (fake.failures[failure] ?? 0) >= 3 }
                try await eventually("the breaker is open") {
                    try await workspace.destinationStatus()["breaker"]?.text == "open"
                }
                let status = try await workspace.destinationStatus()
                #expect(status["last_error"]?["code"]?.text == code)
                #expect(status["waiting"]?["events"] == .number(1500))
                #expect(status["dead_letters"]?["count"] == .number(0))
                try await workspace.expectBalance("while nothing can be delivered")

                fake.heal()
                try await workspace.drained()
                #expect(try fake.messages().map(\.id).sorted() == waiting.map(\.id).sorted(), "each once")
                #expect(try await workspace.deadLetters().isEmpty)
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
                try await fake.stop()
            }
        }

        /// One probe after the other, not everything that one process more may have under way.
        @Test func aRestartDoesNotForgetThatTheDestinationIsDown() async throws {
            try await Workspace.run { workspace in
                var script = FailureScript(seed: 1, mix: [.notFound: 1])
                let fake = try await FakePubSub.start(script: script)
                let ingest = try workspace.ingest()
                let first = try workspace.forwarder(fake.settings)
                let port = try await ingest.port()
                _ = try await first.port()
                // Enough for all the requests that it may have under way at once.
                let waiting = events("waiting", 6000)
                try await workspace.send(waiting, to: port)
                let inspector = workspace.inspector
                try await eventually("the ledger knows of the open breaker") {
                    guard (fake.failures[.notFound] ?? 0) >= 3 else { return false }
                    return try inspector.status().destinations.first?.state?.breaker == .open
                }
                try await first.destroy()

                // Everything that is sent at once comes before the first answer.
                script.latencyMilliseconds = 3000
                fake.apply(script)
                let before = fake.requests
                let second = try workspace.forwarder(fake.settings)
                _ = try await second.port()
                try await eventually("the first answer has come") {
                    try await workspace.destinationStatus()["last_error"] != .null
                }
                // The next probe may be under way already; it is not answered.
                #expect((1...2).contains(fake.requests - before), "\(fake.requests - before)")

                fake.heal()
                try await workspace.drained()
                #expect(try fake.messages().map(\.id).sorted() == waiting.map(\.id).sorted(), "each once")
                #expect(try await second.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
                try await fake.stop()
            }
        }

        @Test func withoutItsLedgerAForwarderEndsAndTheNextLosesNothing() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder()
                let port = try await ingest.port()
                _ = try await forwarder.port()
                let (before, after) = (events("before", 100), events("after", 100))
                try await workspace.send(before, to: port)
                try await workspace.drained()
                let ledger = workspace.layout.ledgerPath
                for path in [ledger, ledger + "-wal", ledger + "-shm"] {
                    try? FileManager.default.removeItem(atPath: path)
                }
                try await workspace.send(after, to: port)
                #expect(try await forwarder.exit() == .code(74))
                #expect(forwarder.errorText.contains(ledger), "\(forwarder.errorText)")
                #expect(forwarder.errorText.contains("start the forwarder again"), "\(forwarder.errorText)")

                let next = try workspace.forwarder()
                _ = try await next.port()
                try await workspace.drained()
                try await workspace.expectBalance("with a ledger that is new")
                #expect(try await next.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
                let delivered = Set(try workspace.delivered.messages().map(\.id))
                #expect(delivered == Set((before + after).map(\.id)))
            }
        }

        @Test func deadLettersAtTheirBoundHoldDeliveryUntilThereIsRoom() async throws {
            try await Workspace.run { workspace in
                var script = FailureScript()
                script.poison = ["event-10", "event-50"]
                let fake = try await FakePubSub.start(script: script)
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder(
                    fake.settings.merging(["GATEWAY_DEAD_LETTER_MAXIMUM_COUNT": "1"]) { $1 })
                let port = try await ingest.port()
                _ = try await forwarder.port()
                let sent = (0..<100).map { TestEvent(id: "event-\($0)", number: $0) }
                try await workspace.send(sent, to: port)
                let next = try await workspace.trickle("next", to: port, until: "delivery is held") {
                    try await workspace.destinationStatus()["pause_reason"]?.text?.contains("at their bound") == true
                }
                let later = events("later", 10)
                try await workspace.send(later, to: port)
                let held = try await workspace.destinationStatus()
                #expect(held["dead_letters"]?["count"] == .number(1))
                #expect(held["waiting"]?["events"]?.number ?? 0 >= 11, "what was refused second waits with what is new")
                #expect(held["pause_reason"]?.text?.contains("purge") == true, "it says what helps")
                #expect(try fake.messages().allSatisfy { !$0.id.hasPrefix("later") })
                try await workspace.expectBalance("while delivery is held")

                try await workspace.controlJSON(["dead-letters", "purge", "--all", "--yes"])
                try await workspace.drained()
                #expect(try await workspace.deadLetters().count == 1, "there was room for the second")
                let expected = (sent + next + later).map(\.id).filter { !script.poison.contains($0) }
                #expect(try fake.messages().map(\.id).sorted() == expected.sorted(), "each once")
                try await eventually("nothing holds it any more") {
                    try await workspace.destinationStatus()["pause_reason"]?.text == ""
                }
                try await workspace.expectBalance("after the purge")
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
                try await fake.stop()
            }
        }

        @Test func aDestinationThatFailsHoldsUpNoOther() async throws {
            try await Workspace.run { workspace in
                let fake = try await FakePubSub.start(script: FailureScript(seed: 1, mix: [.notFound: 1]))
                let files = "file://\(workspace.delivered.directory)"
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder(
                    fake.settings.merging([
                        "GATEWAY_DESTINATIONS": "pubsub://test/topic,\(files)", "GATEWAY_RETENTION": "0s",
                    ]) { $1 })
                let port = try await ingest.port()
                _ = try await forwarder.port()
                let waiting = events("waiting", 2000)
                try await workspace.send(waiting, to: port)
                // The segment is complete: it may go once everybody has it.
                #expect(try await ingest.stop() == .code(0))
                try await eventually("the other destination has everything") {
                    let status = try await workspace.destinationStatus(files)
                    return status["delivered_events"] == .number(2000) && status["waiting"]?["events"] == .number(0)
                }
                let failing = try await workspace.destinationStatus("pubsub://test/topic")
                #expect(failing["waiting"]?["events"] == .number(2000))
                #expect(failing["breaker"]?.text != "closed")
                #expect(try workspace.layout.segmentNumbers().count == 1, "it stays until both have it")
                try await workspace.expectBalance("while one of two fails")

                fake.heal()
                try await workspace.drained()
                try await eventually("the segment is gone") { try workspace.layout.segmentNumbers().isEmpty }
                #expect(try fake.messages().map(\.id).sorted() == waiting.map(\.id).sorted(), "each once")
                try await workspace.expectBalance("when both have everything")
                #expect(try await forwarder.stop() == .code(0))
                #expect(try workspace.delivered.messages().map(\.id).sorted() == waiting.map(\.id).sorted())
                try await fake.stop()
            }
        }
    }
}
