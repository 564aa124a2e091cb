internal import Contract
internal import FakePubSub
internal import Testing

extension SystemTests {
    /// What a destination will never take is set aside alone, and operators decide about it.
    @Suite(.serialized) struct DeadLetters {
        private func fake(poison: Set<String>) async throws -> FakePubSub {
            var script = FailureScript()
            script.poison = poison
            return try await FakePubSub.start(script: script)
        }

        @Test func onePoisonousEventIsSetAsideAloneAndSentAgainLater() async throws {
            try await Workspace.run { workspace in
                let fake = try await fake(poison: ["event-123"])
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder(fake.settings)
                let port = try await ingest.port()
                _ = try await forwarder.port()
                let events = (0..<500).map { TestEvent(id: "event-\($0)", number: $0) }
                try await workspace.send(events, as: "instance-7", to: port)
                let next = try await workspace.trickle("next", to: port, until: "there is a dead letter") {
                    try await !workspace.deadLetters().isEmpty
                }
                try await workspace.drained()

                let others = Set((events + next).map(\.id)).subtracting(["event-123"])
                let messages = try fake.messages()
                #expect(messages.count == others.count, "each once")
                #expect(Set(messages.map(\.id)) == others)
                let letters = try await workspace.deadLetters()
                #expect(letters.count == 1)
                let letter = try #require(letters.first)
                let expected = [
                    "event_id": "event-123", "kind": "refused", "state": "waiting", "reason": "refused",
                    "code": "invalid", "client": "instance-7", "source": "unlicensed_instance",
                    "feature": "system.test", "action": "sent", "destination": "pubsub://test/topic",
                ]
                for (name, value) in expected { #expect(letter[name]?.text == value, "\(name)") }
                // One more for each time that nothing else was taken since the first.
                #expect(letter["attempts"]?.number ?? 0 >= 3)
                #expect(letter["history"]?.elements.map { Double($0.count) } == letter["attempts"]?.number)
                #expect(letter["message"]?.text?.contains("a message has an attribute that is refused") == true)
                try await workspace.expectBalance("with a dead letter")

                fake.apply(FailureScript())
                let ordered = try await workspace.controlJSON(["dead-letters", "replay", "--code", "invalid"])
                #expect(ordered["events"] == .number(1))
                try await eventually("the dead letter is delivered") {
                    try await workspace.deadLetters(["--state", "delivered"]).count == 1
                }
                let again = try fake.messages().dropFirst(messages.count)
                #expect(again.map(\.id) == ["event-123"])
                #expect(again.first?.event == events[123].json)
                let mark = letter["id"]?.text.map { "dead-letter-\($0)" }
                #expect(again.first?.attributes["gateway.replay"] == mark)
                #expect(messages.allSatisfy { $0.attributes["gateway.replay"] == nil })
                let status = try await workspace.destinationStatus()
                #expect(status["outcomes"]?["dead"] == .number(0))
                #expect(status["outcomes"]?["delivered"] == .number(Double(events.count + next.count)))
                try await workspace.expectBalance("with a dead letter that was sent again")
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
                try await fake.stop()
            }
        }

        @Test func whatIngestQuarantinesIsInTheSameListAndCanBePurged() async throws {
            try await Workspace.run { workspace in
                let fake = try await fake(poison: ["poison"])
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder(fake.settings)
                let port = try await ingest.port()
                _ = try await forwarder.port()
                var nameless = TestEvent(id: "nameless", number: 1).message
                nameless.feature = ""
                let batch = try Requests.batch([
                    TestEvent(id: "poison", number: 1).message, nameless, TestEvent(id: "good", number: 2).message,
                ])
                let outcome = try await GatewayClient.connected(to: port) { client in
                    await client.send([try Requests.instance("i"), batch])
                }
                #expect(outcome.ids.sorted() == ["good", "nameless", "poison"])
                let next = try await workspace.trickle("next", to: port, until: "both are listed") {
                    try await workspace.deadLetters().count == 2
                }
                try await workspace.drained()
                #expect(try fake.messages().map(\.id).sorted() == (["good"] + next.map(\.id)).sorted())

                let letters = try await workspace.deadLetters()
                #expect(letters.map { $0["event_id"]?.text } == ["poison", "nameless"])
                #expect(letters.map { $0["kind"]?.text } == ["refused", "quarantine"])
                #expect(letters.last?["reason"]?.text == "feature_action_required")
                #expect(letters.last?["destination"] == .null)
                try await workspace.expectBalance("before the purge")

                let purge = ["dead-letters", "purge", "--kind", "refused"]
                let unasked = try await workspace.control(purge)
                #expect(unasked.exit == .code(64), "there is nobody to ask: \(unasked.errorText)")
                #expect(try await workspace.deadLetters().count == 2)
                let purged = try await workspace.controlJSON(purge + ["--yes"])
                #expect(purged["events"] == .number(1))
                #expect(try await workspace.deadLetters().map { $0["event_id"]?.text } == ["nameless"])
                #expect(try await workspace.destinationStatus()["outcomes"]?["purged"] == .number(1))
                try await workspace.expectBalance("after the purge")
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
                try await fake.stop()
            }
        }
    }
}
