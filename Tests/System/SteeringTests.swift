internal import FakePubSub
internal import Store
internal import Testing

extension SystemTests {
    /// Operators hold delivery, empty the spool, and order the past again.
    @Suite(.serialized) struct Steering {
        private func events(_ name: String, _ count: Int) -> [TestEvent] {
            (0..<count).map { TestEvent(id: "\(name)-\($0)", number: $0) }
        }

        @Test func aPausedDestinationGetsNothingEvenFromTheNextForwarder() async throws {
            try await Workspace.run { workspace in
                let fake = try await FakePubSub.start()
                let ingest = try workspace.ingest()
                let first = try workspace.forwarder(fake.settings)
                let port = try await ingest.port()
                _ = try await first.port()
                let before = events("before", 100)
                try await workspace.send(before, to: port)
                try await workspace.drained()

                try await workspace.controlJSON(["pause", "--reason", "the topic is being moved"])
                let paused = try await workspace.destinationStatus()
                #expect(paused["paused"]?.isTrue == true)
                #expect(paused["pause_reason"]?.text == "the topic is being moved")
                // From here on nothing may come, whoever runs.
                #expect(try await first.stop() == .code(0))
                let requests = fake.requests
                let second = try workspace.forwarder(fake.settings)
                _ = try await second.port()
                let during = events("during", 1500)
                try await workspace.send(during, to: port)
                let status = try await workspace.destinationStatus()
                #expect(status["paused"]?.isTrue == true)
                #expect(status["waiting"]?["events"] == .number(1500))
                #expect(try await second.stop() == .code(0))
                #expect(fake.requests == requests, "nothing was sent")

                let third = try workspace.forwarder(fake.settings)
                _ = try await third.port()
                #expect(fake.requests == requests, "nothing was sent")
                try await workspace.controlJSON(["resume"])
                try await workspace.drained()
                #expect(try await workspace.destinationStatus()["paused"]?.isTrue == false)
                #expect(try fake.messages().map(\.id).sorted() == (before + during).map(\.id).sorted(), "each once")
                try await workspace.expectBalance()
                #expect(try await third.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
                try await fake.stop()
            }
        }

        @Test func aDrainedForwarderEnds() async throws {
            try await Workspace.run { workspace in
                var script = FailureScript()
                // Something must wait when the order comes.
                script.latencyMilliseconds = 200
                let fake = try await FakePubSub.start(script: script)
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                let waiting = events("waiting", 5000)
                try await workspace.send(waiting, to: port)
                let forwarder = try workspace.forwarder(fake.settings)
                _ = try await forwarder.port()
                try await workspace.controlJSON(["drain", "--then-exit"])
                #expect(try await forwarder.exit(within: .seconds(60)) == .code(0))
                let status = try await workspace.destinationStatus()
                #expect(status["waiting"]?["events"] == .number(0))
                #expect(status["paused"]?.isTrue == false, "the next forwarder delivers")
                #expect(try fake.messages().map(\.id).sorted() == waiting.map(\.id).sorted(), "each once")
                let unreachable = try await workspace.control(["drain"])
                #expect(unreachable.exit != .code(0))
                #expect(unreachable.errorText.contains("no forwarder runs"), "\(unreachable.errorText)")
                try await workspace.expectBalance()
                #expect(try await ingest.stop() == .code(0))
                try await fake.stop()
            }
        }

        @Test func whoeverDrainsCanWaitForTheEnd() async throws {
            try await Workspace.run { workspace in
                let fake = try await FakePubSub.start()
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                let waiting = events("waiting", 2000)
                try await workspace.send(waiting, to: port)

                // Nobody listens on port 1.
                let away = fake.settings.merging(["PUBSUB_EMULATOR_HOST": "127.0.0.1:1"]) { $1 }
                let first = try workspace.forwarder(away)
                _ = try await first.port()
                let late = try await workspace.control(["drain", "--wait", "--timeout", "500ms"])
                #expect(late.exit == .code(1))
                #expect(late.errorText.contains("not drained within 500ms: 2,000 events wait"), "\(late.errorText)")
                #expect(try await workspace.destinationStatus()["draining"]?.isTrue == true, "the drain goes on")
                async let abandoned = workspace.control(["drain", "--wait"])
                // Its second order in the record: then it waits.
                try await eventually("the second drain is ordered") {
                    try SpoolInspector(layout: workspace.layout).operatorActs(limit: 9).count >= 2
                }
                #expect(try await first.stop() == .code(0))
                let left = try await abandoned
                #expect(left.exit == .code(69))
                #expect(left.errorText.contains("forwarder"), "\(left.errorText)")

                let second = try workspace.forwarder(fake.settings)
                _ = try await second.port()
                let drained = try await workspace.controlJSON(["drain", "--wait", "--timeout", "60s"])
                #expect(drained["drained"]?.isTrue == true)
                #expect(drained["waiting_events"] == .number(0))
                #expect(
                    try fake.messages().map(\.id).sorted() == waiting.map(\.id).sorted(), "each once, when it returns")
                let status = try await workspace.destinationStatus()
                #expect(status["paused"]?.isTrue == true && status["pause_reason"]?.text == "drained")

                try await workspace.controlJSON(["drain", "--then-exit", "--wait", "--timeout", "60s"])
                #expect(try await second.exit(within: .seconds(30)) == .code(0))
                #expect(try await ingest.stop() == .code(0))
                try await fake.stop()
            }
        }

        @Test func anOrderForThePastCanBeCancelled() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder()
                let port = try await ingest.port()
                _ = try await forwarder.port()
                try await workspace.send(events("past", 3000), to: port)
                try await workspace.drained()
                // The first piece goes at once, the next one after far longer than this test takes.
                let ordered = try await workspace.controlJSON(["replay", "--from", "1h", "--rate", "0.001"])
                let order = Int(try #require(ordered["jobs"]?.elements?.first?.number))
                try await eventually("the first piece is sent") {
                    let orders = try await workspace.controlJSON(["replay", "list"])["orders"]?.elements ?? []
                    return orders.contains { ($0["sent"]?.number ?? 0) > 0 }
                }
                let cancelled = try await workspace.controlJSON(["replay", "cancel", "\(order)"])
                #expect(cancelled["jobs"] == ordered["jobs"])
                #expect(try await workspace.controlJSON(["replay", "list"])["orders"]?.elements?.isEmpty == true)
                let all = try await workspace.controlJSON(["replay", "list", "--all"])["orders"]?.elements ?? []
                #expect(all.map { $0["state"]?.text } == ["cancelled"])
                for number in ["\(order)", "77"] {
                    let again = try await workspace.control(["replay", "cancel", number])
                    #expect(again.exit == .code(1))
                    #expect(again.errorText.contains("order \(number)"), "\(again.errorText)")
                }
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func thePastIsSentAgainAndMarked() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder()
                let port = try await ingest.port()
                _ = try await forwarder.port()
                let (wanted, other) = (events("wanted", 700), events("other", 20))
                try await workspace.send(wanted, as: "wanted", to: port)
                try await workspace.send(other, as: "other", to: port)
                try await workspace.drained()

                let replay = ["replay", "--from", "1h", "--client", "wanted"]
                let counted = try await workspace.controlJSON(replay + ["--dry-run"])
                #expect(counted["events"] == .number(700))
                #expect(counted["jobs"]?.elements?.isEmpty == true)
                let ordered = try await workspace.controlJSON(replay)
                #expect(ordered["events"] == .number(700))
                #expect(ordered["jobs"]?.elements?.count == 1)
                try await eventually("the past is sent") {
                    try await workspace.destinationStatus()["replays"]?.elements?.isEmpty == true
                }
                try await workspace.expectBalance("what is sent again counts once")
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))

                let messages = try workspace.delivered.messages()
                let marked = messages.filter { $0.attributes["gateway.replay"] != nil }
                let plain = messages.filter { $0.attributes["gateway.replay"] == nil }
                #expect(plain.map(\.id).sorted() == (wanted + other).map(\.id).sorted(), "each once")
                #expect(marked.map(\.id).sorted() == wanted.map(\.id).sorted(), "each once more")
                let byID = Dictionary(uniqueKeysWithValues: wanted.map { ($0.id, $0) })
                for message in marked {
                    #expect(message.event == byID[message.id]?.json)
                    #expect(message.attributes["gateway.replay"]?.hasPrefix("past-") == true)
                }
            }
        }
    }
}
