internal import Foundation
internal import Store
internal import Testing

extension SystemTests {
    /// What lies on the disk is not what it should be.
    @Suite(.serialized) struct BadStorage {
        @Test func spoolBelowAFile() async throws {
            try await Workspace.run { workspace in
                let file = workspace.directory + "/file"
                try "no directory".write(toFile: file, atomically: true, encoding: .utf8)
                for process in [
                    try workspace.ingest(["GATEWAY_SPOOL_DIRECTORY": file + "/spool"]),
                    try workspace.forwarder(["GATEWAY_SPOOL_DIRECTORY": file + "/spool"]),
                ] {
                    #expect(try await process.exit() == .code(73), "\(process.name)")
                    #expect(process.errorText.contains(file), "\(process.errorText)")
                    #expect(process.outputText.isEmpty, "not ready, so no ready line")
                }
            }
        }

        @Test func spoolOnAMissingVolume() async throws {
            try await Workspace.run { workspace in
                let spool = workspace.directory + "/volume/spool"
                for process in [
                    try workspace.ingest(["GATEWAY_SPOOL_DIRECTORY": spool]),
                    try workspace.forwarder(["GATEWAY_SPOOL_DIRECTORY": spool]),
                ] {
                    #expect(try await process.exit() == .code(73), "\(process.name)")
                    #expect(process.errorText.contains("mounted"), "\(process.errorText)")
                }
                #expect(!FileManager.default.fileExists(atPath: workspace.directory + "/volume"))
            }
        }

        @Test func flippedBytes() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                // Larger than a page each, so that a flipped byte lies in one batch.
                let batches = (0..<10).map { batch in
                    (0..<100).map { TestEvent(id: "batch\(batch)-\($0)", number: $0, filling: 1000) }
                }
                let outcome = try await GatewayClient.connected(to: port) { client in
                    await client.send([try Requests.instance("i")] + (try batches.map(Requests.batch)))
                }
                #expect(outcome.ids.count == 1000)
                #expect(try await ingest.stop() == .code(0))
                try flip("batch4-50 batch4-50", in: try #require(workspace.layout.segmentNumbers().first), workspace)
                // A newer segment: only then nobody can be about to write the damaged one.
                let next = TestEvent(id: "next", number: 0)
                let restarted = try workspace.ingest()
                let newPort = try await restarted.port()
                let later = try await GatewayClient.connected(to: newPort) { client in
                    await client.send([try Requests.instance("i"), try Requests.batch([next])])
                }
                #expect(later.responses == [[next.id]])
                let forwarder = try workspace.forwarder()
                _ = try await forwarder.port()
                let inspector = workspace.inspector
                try await eventually("the damaged batch is set aside") {
                    try inspector.status().damagedBatches > 0
                }
                try await workspace.drained()
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await restarted.stop() == .code(0))
                let status = try inspector.status()
                #expect(status.damagedBatches == 1)
                #expect(status.damagedEvents == 100)
                let expected = batches.enumerated().filter { $0.offset != 4 }.flatMap(\.element) + [next]
                let delivered = try workspace.delivered.messages().sorted { $0.id < $1.id }
                #expect(delivered.map(\.event) == expected.sorted { $0.id < $1.id }.map(\.json))
                let damaged = try FileManager.default.contentsOfDirectory(atPath: workspace.layout.damagedDirectory)
                #expect(!damaged.isEmpty, "the segment is kept for people to look at")
            }
        }

        @Test func ledgerOfANewerVersion() async throws {
            try await Workspace.run { workspace in
                let first = try workspace.forwarder()
                _ = try await first.port()
                #expect(try await first.stop() == .code(0))
                // SQLite keeps the user version at byte 60, as a big-endian number.
                let ledger = try FileHandle(forUpdating: URL(fileURLWithPath: workspace.layout.ledgerPath))
                try ledger.seek(toOffset: 60)
                try ledger.write(contentsOf: Data([0, 0, 3, 0xe7]))
                try ledger.close()
                let second = try workspace.forwarder()
                #expect(try await second.exit() == .code(78))
                #expect(second.errorText.contains("999"), "\(second.errorText)")
                #expect(second.errorText.contains("newer"), "\(second.errorText)")
            }
        }

        /// Flips a byte of every copy of the text in the segment's log.
        private func flip(_ text: String, in segment: UInt64, _ workspace: Workspace) throws {
            let url = URL(fileURLWithPath: workspace.layout.segmentPath(segment) + "-wal")
            var log = try Data(contentsOf: url)
            var found = 0
            var rest = log.startIndex..<log.endIndex
            while let range = log.range(of: Data(text.utf8), in: rest) {
                log[range.lowerBound] ^= 0x20
                found += 1
                rest = range.upperBound..<log.endIndex
            }
            #expect(found > 0)
            try log.write(to: url)
        }
    }
}
