internal import FakePubSub
internal import Foundation
internal import GRPCCore
internal import Testing

extension SystemTests {
    /// Running processes read their configuration again.
    @Suite(.serialized, .enabled(if: Tool.path("curl") != nil, Curl.isMissing)) struct Reloads {
        /// A configuration file of a test.
        private struct File {
            let path: String

            init(_ workspace: Workspace, _ name: String = "gateway.env") { path = "\(workspace.directory)/\(name)" }

            func write(_ lines: String...) throws {
                try (lines.map { $0 + "\n" }.joined()).write(toFile: path, atomically: true, encoding: .utf8)
            }

            var setting: [String: String] { ["GATEWAY_CONFIG_FILE": path] }
        }

        private func reloads(_ port: Int, _ workspace: Workspace) async throws -> Double {
            try await Scrape(port: port, in: workspace)("gateway_reloads_total") ?? -1
        }

        /// Sends SIGHUP and waits until it is counted.
        private func hangUp(_ process: ManagedProcess, _ port: Int, _ workspace: Workspace) async throws {
            let before = try await reloads(port, workspace)
            process.signal(SIGHUP)
            try await eventually("the reload is counted") { try await reloads(port, workspace) > before }
        }

        @Test func aSignalChangesTheLogLevelAndAWrongFileChangesNothing() async throws {
            try await Workspace.run { workspace in
                let file = File(workspace)
                try file.write("GATEWAY_LOG_LEVEL=warning", "GATEWAY_SEGMENT_AGE=1h", "DIAGNOSTICS_SECRET=hunter2")
                let ingest = try workspace.ingest(file.setting)
                let port = try await ingest.port()
                try await workspace.send([TestEvent(id: "before", number: 1)], as: "quiet", to: port)
                #expect(try await Curl(workspace: workspace, port: port)("/-/healthz").status == 401)

                try file.write("GATEWAY_LOG_LEVEL=info", "GATEWAY_SEGMENT_AGE=2h", "DIAGNOSTICS_SECRET=correcthorse")
                try await hangUp(ingest, port, workspace)
                try await workspace.send([TestEvent(id: "after", number: 2)], as: "heard", to: port)
                try await eventually("the stream is logged now") { ingest.errorText.contains("heard") }
                #expect(!ingest.errorText.contains("quiet"), "the first stream was not logged")
                #expect(
                    ingest.errorText.contains("needs a restart") && ingest.errorText.contains("GATEWAY_SEGMENT_AGE"))
                #expect(!ingest.errorText.contains("hunter2") && !ingest.errorText.contains("correcthorse"))
                let authorised = ["--header", "Authorization: Bearer correcthorse"]
                #expect(try await Curl(workspace: workspace, port: port)("/-/healthz", authorised).status == 200)

                // Not even the half of it that is right.
                try file.write("GATEWAY_LOG_LEVEL=error", "GATEWAY_SEGMENT_AGE=never", "GATEWAY_LOG_LEVLE=debug")
                try await hangUp(ingest, port, workspace)
                let text = ingest.errorText
                #expect(text.contains("the old one stays in force") && text.contains("never"), "\(text)")
                #expect(text.contains("GATEWAY_LOG_LEVLE"), "every problem is named")
                let scrape = try await Scrape(port: port, in: workspace)
                #expect(scrape("gateway_reload_failures_total") == 1)
                #expect(scrape("gateway_last_reload_successful") == 0)
                #expect(scrape("gateway_last_reload_timestamp_seconds") ?? 0 > 1_700_000_000)
                try await workspace.send([TestEvent(id: "still", number: 3)], as: "still-heard", to: port)
                try await eventually("the level is the old one") { ingest.errorText.contains("still-heard") }
                let status = try await workspace.controlJSON(["status"])
                #expect(status["reloads"]?.elements?.first?["result"]?.text == "refused", "\(status)")

                try file.write("")
                try await hangUp(ingest, port, workspace)
                #expect(try await Scrape(port: port, in: workspace)("gateway_reload_failures_total") == 2)
                #expect(try await Curl(workspace: workspace, port: port)("/-/healthz", authorised).status == 200)
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func aRefusedBatchIsAcceptedOnceTheQuotaIsRaised() async throws {
            try await Workspace.run { workspace in
                let file = File(workspace)
                try file.write("GATEWAY_SPOOL_QUOTA_BYTES=3MiB", "GATEWAY_CLIENT_SHARE=100")
                let ingest = try workspace.ingest(file.setting.merging(["GATEWAY_SEGMENT_BYTES": "1MiB"]) { $1 })
                let port = try await ingest.port()
                let batch = (0..<100).map { TestEvent(id: "e-\($0)", number: $0, filling: 5000) }
                try await GatewayClient.connected(to: port) { client in
                    var refused = false
                    for number in 0..<40 where !refused {
                        let events = batch.map { TestEvent(id: "\(number)-\($0.id)", number: 1, filling: 5000) }
                        refused =
                            await client.send([try Requests.instance("i"), try Requests.batch(events)]).error != nil
                    }
                    #expect(refused, "20 MB do not fit into 3 MiB")
                    try file.write("GATEWAY_SPOOL_QUOTA_BYTES=256MiB", "GATEWAY_CLIENT_SHARE=100")
                    let dry = try await workspace.controlJSON(["reload", "ingest", "--dry-run"])
                    #expect(dry.elements?.first?["changes"]?.elements?.first?["new"]?.text == "256MiB", "\(dry)")
                    let still = await client.send([try Requests.instance("i"), try Requests.batch(batch)])
                    #expect(still.error != nil, "a dry run changes nothing")
                    let done = try await workspace.control(["reload", "ingest"])
                    #expect(done.exit == .code(0))
                    #expect(done.output.contains("3MiB → 256MiB"), "\(done.output)\(done.errorText)")
                    let now = await client.send([try Requests.instance("i"), try Requests.batch(batch)])
                    #expect(now.error == nil && now.ids.count == batch.count, "\(String(describing: now.error))")
                }
                #expect(try await Scrape(port: port, in: workspace)("gateway_spool_quota_bytes") == Double(256 << 20))
                #expect(try await ingest.stop() == .code(0))
                let gone = try await workspace.control(["reload", "ingest"])
                #expect(gone.exit == .code(69) && gone.errorText.contains("no telemetry-ingest runs"))
            }
        }

        @Test func licenceKeysAreRotated() async throws {
            let vectors = try LicenceVectors.load()
            try await Workspace.run { workspace in
                let keys = try vectors.writePublicKey(workspace.directory)
                let ingest = try workspace.ingest(["GATEWAY_LICENSE_PUBLIC_KEY_FILE": keys])
                let port = try await ingest.port()
                let messages = [
                    try Requests.licensed(vectors.genuine, requestID: "r"),
                    try Requests.batch([TestEvent(id: "licensed", number: 1)]),
                ]
                try await GatewayClient.connected(to: port) { client in
                    #expect(await client.send(messages).error == nil)
                    // Other keys: no licence of the vectors is genuine any more.
                    try Self.strangeKey().write(toFile: keys, atomically: true, encoding: .utf8)
                    try await hangUp(ingest, port, workspace)
                    #expect(await client.send(messages).error?.code == .invalidArgument)
                    // A file that is none changes nothing.
                    try "garbage\n".write(toFile: keys, atomically: true, encoding: .utf8)
                    let refused = try await workspace.control(["reload", "ingest"])
                    #expect(refused.exit == .code(1))
                    #expect(refused.output.contains("GATEWAY_LICENSE_PUBLIC_KEY_FILE"), "\(refused.output)")
                    #expect(await client.send(messages).error?.code == .invalidArgument)
                    _ = try vectors.writePublicKey(workspace.directory)
                    let done = try await workspace.control(["reload", "all"])
                    #expect(done.exit == .code(69), "no forwarder runs")
                    #expect(done.output.contains("(content "), "\(done.output)")
                    #expect(await client.send(messages).error == nil)
                }
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func destinationsArePausedByTheFile() async throws {
            try await Workspace.run { workspace in
                let file = File(workspace)
                let fake = try await FakePubSub.start()
                try file.write("GATEWAY_REPLAY_RATE=1000")
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder(fake.settings.merging(file.setting) { $1 })
                let port = try await ingest.port()
                let forwarderPort = try await forwarder.port()
                try await workspace.send([TestEvent(id: "before", number: 1)], to: port)
                try await workspace.drained()

                try file.write("GATEWAY_PAUSED_DESTINATIONS=all", "GATEWAY_LOG_LEVEL=debug")
                let paused = try await workspace.control(["reload", "forwarder"])
                #expect(paused.exit == .code(0), "\(paused.output)\(paused.errorText)")
                #expect(try await workspace.destinationStatus()["pause_reason"]?.text == "GATEWAY_PAUSED_DESTINATIONS")
                let requests = fake.requests
                try await workspace.send([TestEvent(id: "during", number: 2)], to: port)

                try file.write("GATEWAY_DESTINATIONS=ftp://nowhere", "GATEWAY_PAUSED_DESTINATIONS=pubsub://other/topic")
                try await hangUp(forwarder, forwarderPort, workspace)
                #expect(try await workspace.destinationStatus()["paused"]?.isTrue == true, "refused whole")
                #expect(fake.requests == requests, "nothing was sent")

                try file.write("GATEWAY_RETENTION=2h")
                try await hangUp(forwarder, forwarderPort, workspace)
                try await workspace.drained()
                #expect(try fake.messages().map(\.id).sorted() == ["before", "during"])
                try await workspace.expectBalance()
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
                try await fake.stop()
            }
        }

        /// A public key that nobody has the other half of, as OpenSSH writes it.
        private static func strangeKey() -> String {
            func field(_ bytes: [UInt8]) -> [UInt8] {
                withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { Array($0) } + bytes
            }
            var modulus = (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 41) }
            modulus[0] |= 0x80
            modulus[255] |= 1
            let blob = field(Array("ssh-rsa".utf8)) + field([1, 0, 1]) + field([0] + modulus)
            return "ssh-rsa \(Data(blob).base64EncodedString()) strange\n"
        }
    }
}
