internal import Contract
internal import FakePubSub
internal import Foundation
internal import Store
internal import SwiftProtobuf
internal import Testing

extension SystemTests {
    /// The console as people use it, in Debian's Chromium (`Tests/Clients/console.py`).
    ///
    /// With `GATEWAY_SCREENSHOTS` set to a directory, each view is kept there as a picture; `scripts/screenshots` does so.
    @Suite(.serialized, .enabled(if: BrowserClient.missing == nil, BrowserClient.comment))
    struct ConsoleInABrowser {
        /// What `console.py` prints.
        private struct Visit: Decodable {
            struct Check: Decodable {
                let name: String
                let ok: Bool
                let detail: String
            }

            let checks: [Check]
        }

        private let secret = "diagnostics-\(UUID().uuidString)"
        private let token = "admin-\(UUID().uuidString)"
        private let hostile = #"</pre><img src=x onerror="window.hostile=1"><script>window.hostile=1</script>"#
        private let topic = "pubsub://test/topic"

        @Test(.timeLimit(.minutes(5))) func peopleSeeAndSteer() async throws {
            try await Workspace.run { workspace in
                let archive = "file://\(workspace.delivered.directory)"
                let fake = try await FakePubSub.start(script: poisoned())
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder(
                    fake.settings.merging([
                        "GATEWAY_DESTINATIONS": "\(topic),\(archive)", "DIAGNOSTICS_SECRET": secret,
                        "GATEWAY_ADMIN_TOKEN": token,
                    ]) { $1 })
                let (ingestPort, console) = (try await ingest.port(), try await forwarder.port())
                let letter = try await prepare(workspace, fake, to: ingestPort, archive: archive)

                let views = try await visit("views", ["--hostile", hostile, "--letter", letter], console, workspace)
                #expect(views > 60, "checks were made")

                // What the destination refused while it was away must not count: it is back, and the letter is wanted now.
                fake.apply(FailureScript())
                try await eventually("the topic has everything", within: .seconds(120)) {
                    let status = try await workspace.destinationStatus(topic)
                    return status["breaker"]?.text == "closed" && status["waiting"]?["events"] == .number(0)
                }
                let before = try fake.messages().count
                let acts = try await visit("acts", ["--letter", letter], console, workspace)
                #expect(acts > 15, "checks were made")
                let again = try fake.messages().dropFirst(before)
                #expect(again.map(\.id) == ["hostile"], "the letter was sent again, once")
                #expect(again.first?.attributes["gateway.replay"] == "dead-letter-\(letter)")
                try await expectActs(workspace, archive: archive)
                try await workspace.expectBalance()
                for process in [forwarder, ingest] {
                    #expect(try await process.stop() == .code(0))
                    for secret in [secret, token] {
                        #expect(!process.errorText.contains(secret), "no secret in a log")
                    }
                }
                try await fake.stop()
            }
        }

        private func poisoned() -> FailureScript {
            var script = FailureScript()
            script.poison = ["hostile"]
            return script
        }

        /// Events of several clients, one that is refused and one that is quarantined; the archive is paused and the topic
        /// away.
        /// - Returns: the dead letter's id.
        private func prepare(
            _ workspace: Workspace, _ fake: FakePubSub, to port: Int, archive: String
        ) async throws -> String {
            for number in 1...12 {
                let events = (0..<(40 * number)).map { TestEvent(id: "event-\(number)-\($0)", number: $0) }
                try await workspace.send(events, as: "instance-\(number)", to: port)
            }
            var evil = TestEvent(id: "hostile", number: 1).message
            evil.parameters.privateMetadata.fields["text"] = .init(stringValue: hostile)
            var nameless = TestEvent(id: "nameless", number: 1).message
            nameless.feature = ""
            let batch = try Requests.batch([evil, nameless])
            let outcome = try await GatewayClient.connected(to: port) { client in
                await client.send([try Requests.instance(hostile), batch])
            }
            #expect(outcome.ids.sorted() == ["hostile", "nameless"])
            _ = try await workspace.trickle("next", to: port, until: "there is a dead letter") {
                try await !workspace.deadLetters(["--kind", "refused"]).isEmpty
            }
            let letter = try #require(try await workspace.deadLetters(["--kind", "refused"]).first?["id"]?.text)
            try await workspace.drained()
            try await workspace.controlJSON([
                "pause", "--destination", archive, "--reason", "the archive is being moved",
            ])
            fake.apply(FailureScript(seed: 1, mix: [.unavailable: 1]))
            try await workspace.send(
                (0..<2400).map { TestEvent(id: "late-\($0)", number: $0) }, as: "instance-7", to: port)
            try await eventually("the breaker is open") {
                try await workspace.destinationStatus(topic)["breaker"]?.text == "open"
            }
            return letter
        }

        /// - Returns: the number of checks.
        private func visit(
            _ name: String, _ arguments: [String], _ port: Int, _ workspace: Workspace
        ) async throws -> Int {
            var arguments = ["--visit", name, "--secret", secret, "--token", token] + arguments
            if let directory = ProcessInfo.processInfo.environment["GATEWAY_SCREENSHOTS"] {
                arguments += ["--screenshots", directory]
            }
            let visit: Visit = try await PythonClient.run("console", arguments, port: port, in: workspace)
            for check in visit.checks { #expect(check.ok, "\(check.name): \(check.detail)") }
            return visit.checks.count
        }

        private func expectActs(_ workspace: Workspace, archive: String) async throws {
            let inspector = workspace.inspector
            let acts = try await blocking { Result { try inspector.operatorActs(limit: 10) } }.get()
            let mine = acts.filter { $0.actor == "Ada (console)" }
            #expect(mine.map(\.action).sorted() == ["pause", "purge", "replay", "resume"])
            #expect(mine.first { $0.action == "pause" }?.destination == topic)
            #expect(mine.first { $0.action == "resume" }?.destination == archive)
        }
    }
}
