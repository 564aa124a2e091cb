internal import FakePubSub
internal import Foundation
internal import Store
internal import Testing

extension SystemTests {
    /// This version takes over the spool of each released one: nothing is lost, nothing comes twice, the audit balances.
    @Suite(.serialized) struct SpoolFixtures {
        @Test(arguments: SpoolFormat.released) func aSpoolIsTakenOver(_ format: SpoolFormat) async throws {
            try await Workspace.run { workspace in
                let fixture = try await SpoolFixture(format, in: workspace)
                #expect(!fixture.waitingForTopic.isEmpty)
                try await expectCheck(of: format, in: workspace)

                let fake = try await FakePubSub.start()
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                let forwarder = try workspace.forwarder(
                    fake.settings.merging(["GATEWAY_DESTINATIONS": SpoolFixture.topic]) { $1 })
                _ = try await forwarder.port()
                let new = (0..<3).map { TestEvent(id: "new-\($0)", number: $0) }
                try await workspace.send(new, to: port)
                try await eventually("everything is delivered") {
                    let status = try await workspace.destinationStatus(SpoolFixture.topic)
                    return status["waiting"]?["events"] == .number(0)
                }
                let letters = try await workspace.deadLetters(["--kind", "refused"])
                #expect(Set(letters.compactMap { $0["event_id"]?.text }) == fixture.dead)
                #expect(try workspace.quarantined().count == fixture.quarantined)
                try await workspace.expectBalance("format \(format.number)")
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))

                let ids = new.map(\.id)
                #expect(
                    try fake.messages().map(\.id).sorted() == (fixture.waitingForTopic + ids).sorted(), "each once")
                try await fake.stop()

                // Now it is of this version: the ledger is brought up.
                let after = try await check(in: workspace)
                #expect(after["this_reads"]?.isTrue == true)
                #expect(after["previous_reads"]?.isTrue == after["previous_reads_after_start"]?.isTrue)
            }
        }

        /// What the check says before anything is started, and that it leaves the files alone.
        private func expectCheck(of format: SpoolFormat, in workspace: Workspace) async throws {
            let before = try image(workspace.layout.root)
            let report = try await check(in: workspace)
            #expect(report["this_reads"]?.isTrue == true)
            if let previous = SpoolFormat.current.previous {
                #expect(report["previous_reads"]?.isTrue == (format.number <= previous.number))
            }
            #expect(try image(workspace.layout.root) == before)
        }

        private func check(in workspace: Workspace) async throws -> JSONValue {
            let run = try await workspace.control(["upgrade-check", "--json"])
            let report = try run.json()
            let isGood = report["this_reads"]?.isTrue == true && report["previous_reads"]?.isTrue == true
            #expect(run.exit == .code(isGood ? 0 : 1), "\(run.errorText)")
            return report
        }

        /// Every file below a directory, with its bytes.
        private func image(_ root: String) throws -> [String: Data] {
            var files: [String: Data] = [:]
            for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
                files[name] = FileManager.default.contents(atPath: "\(root)/\(name)")
            }
            return files
        }
    }
}
