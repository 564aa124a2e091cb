internal import Foundation
internal import GRPCCore
internal import Store
internal import TestSupport
internal import Testing

extension SystemTests {
    /// A spool on a real file system of a few megabytes.
    @Suite(
        .serialized, .enabled(if: SmallFileSystem.isAllowed, "\(SmallFileSystem.whyNot)"),
        .enabled(if: Tool.path("curl") != nil, Curl.isMissing)
    )
    struct Space {
        private static let megabyte = 1 << 20
        private let settings = [
            "GATEWAY_SEGMENT_BYTES": "2MiB", "GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES": "true",
        ]

        private func batch(_ client: String, _ number: Int) -> [TestEvent] {
            (0..<40).map { TestEvent(id: "\(client)-\(number)-\($0)", number: $0, filling: 5000) }
        }

        /// Sends batches on streams of one batch until one is refused.
        /// - Returns: the acknowledged events and the refusal.
        private func fill(
            _ gateway: GatewayClient, as client: String, upTo limit: Int = 400
        ) async throws -> (events: [TestEvent], refusal: RPCError?) {
            var acknowledged: [TestEvent] = []
            for number in 0..<limit {
                let events = batch(client, number)
                let outcome = await gateway.send([try Requests.instance(client), try Requests.batch(events)])
                #expect(outcome.error == nil || outcome.ids.isEmpty)
                if let error = outcome.error { return (acknowledged, error) }
                #expect(outcome.ids == events.map(\.id))
                acknowledged += events
            }
            return (acknowledged, nil)
        }

        private func expectRetryInformation(_ error: RPCError?) {
            #expect(error?.code == .resourceExhausted, "\(String(describing: error))")
            let details = error.map { Array($0.metadata[binaryValues: "grpc-status-details-bin"]) }?.first
            let text = String(decoding: details ?? [], as: UTF8.self)
            #expect(text.contains("google.rpc.RetryInfo"), "\(text)")
        }

        private func post(_ port: Int, in workspace: Workspace) async throws -> (Curl.Answer, headers: String) {
            let event = TestEvent(id: "over-http", number: 1)
            let body = String(decoding: try JSONSerialization.data(withJSONObject: event.json), as: UTF8.self)
            let headers = "\(workspace.directory)/headers"
            let answer = try await Curl(workspace: workspace, port: port)(
                "/v1/events",
                [
                    "--header", "x-service-id: pings", "--header", "content-type: application/x-ndjson",
                    "--data-binary", body, "--dump-header", headers,
                ])
            return (answer, try String(contentsOfFile: headers, encoding: .utf8).lowercased())
        }

        /// Fills the spool until everybody is refused, delivers, and fills again.
        @Test func aFullSpoolRefusesThenHeals() async throws {
            let disk = try SmallFileSystem(bytes: 48 * Self.megabyte)
            try await Workspace.run { workspace in
                let spool = ["GATEWAY_SPOOL_DIRECTORY": disk.path + "/spool"]
                let layout = SpoolLayout(root: disk.path + "/spool")
                let ingest = try workspace.ingest(spool.merging(settings) { $1 })
                let port = try await ingest.port()
                var acknowledged: [TestEvent] = []
                try await GatewayClient.connected(to: port) { client in
                    // One client gets half of the quota (80 % of 48 MiB), whatever it does.
                    let first = try await fill(client, as: "first")
                    expectRetryInformation(first.refusal)
                    #expect(first.refusal?.message.contains("client") == true, "\(String(describing: first.refusal))")
                    #expect((12...20).contains(first.events.count * 5000 / Self.megabyte), "\(first.events.count)")
                    let second = try await fill(client, as: "second")
                    let third = try await fill(client, as: "third")
                    expectRetryInformation(third.refusal)
                    #expect(third.refusal?.message.contains("quota") == true, "\(String(describing: third.refusal))")
                    acknowledged += first.events + second.events + third.events
                }
                #expect((25...38).contains(acknowledged.count * 5000 / Self.megabyte), "\(acknowledged.count)")
                let (answer, headers) = try await post(port, in: workspace)
                #expect(answer.status == 429 && answer.contentType == "application/problem+json", "\(answer)")
                #expect(headers.contains("retry-after: "), "\(headers)")
                let scrape = try await Scrape(port: port, in: workspace)
                #expect(scrape("gateway_refused_calls_total", ["reason": "client_share"]) ?? 0 >= 1)
                #expect(scrape("gateway_refused_calls_total", ["reason": "spool_full"]) ?? 0 >= 2)
                #expect(scrape("gateway_spool_refusing") == 1)
                let quota = Double(48 * Self.megabyte / 5 * 4)
                #expect(abs((scrape("gateway_spool_quota_bytes") ?? 0) - quota) < 100_000)
                #expect(scrape("gateway_spool_used_bytes") ?? 0 > quota * 0.9)
                #expect(scrape("gateway_failed_commits_total") == 0, "the disk itself never was full")

                let forwarder = try workspace.forwarder(spool)
                _ = try await forwarder.port()
                try await eventually("the spool takes events again") {
                    try await post(port, in: workspace).0.status == 200
                }
                acknowledged.append(TestEvent(id: "over-http", number: 1))
                try await GatewayClient.connected(to: port) { client in
                    let again = try await fill(client, as: "again", upTo: 20)
                    #expect(again.refusal == nil)
                    acknowledged += again.events
                }
                let inspector = SpoolInspector(layout: layout)
                try await eventually("everything is delivered") {
                    let status = try inspector.status()
                    return !status.destinations.isEmpty && status.destinations.allSatisfy { $0.waiting.events == 0 }
                }
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
                let delivered = try workspace.delivered.messages()
                #expect(delivered.map(\.id).sorted() == acknowledged.map(\.id).sorted())
            }
        }

        /// Something else takes the whole disk: nothing is promised, nothing dies, and it heals by itself.
        @Test func aDiskThatOthersFillIsSurvived() async throws {
            let disk = try SmallFileSystem(bytes: 32 * Self.megabyte)
            try await Workspace.run { workspace in
                let spool = ["GATEWAY_SPOOL_DIRECTORY": disk.path + "/spool"]
                let layout = SpoolLayout(root: disk.path + "/spool")
                // Without a reserve: the writes themselves must fail.
                let ingest = try workspace.ingest(
                    spool.merging(settings) { $1 }.merging(["GATEWAY_SPOOL_RESERVE_BYTES": "0"]) { $1 })
                let forwarder = try workspace.forwarder(spool)
                let port = try await ingest.port()
                _ = try await forwarder.port()
                var acknowledged: [TestEvent] = []
                try await GatewayClient.connected(to: port) { client in
                    acknowledged += try await fill(client, as: "before", upTo: 5).events
                    try disk.fill(leaving: 0)
                    let full = try await fill(client, as: "full", upTo: 200)
                    expectRetryInformation(full.refusal)
                    acknowledged += full.events
                    disk.empty()
                    try await eventually("the spool takes events again") {
                        let last = TestEvent(id: "last", number: 1)
                        return await client.send([try Requests.instance("i"), try Requests.batch([last])]).ids == [
                            "last"
                        ]
                    }
                    acknowledged.append(TestEvent(id: "last", number: 1))
                }
                let inspector = SpoolInspector(layout: layout)
                try await eventually("everything is delivered") {
                    let status = try inspector.status()
                    return !status.destinations.isEmpty && status.destinations.allSatisfy { $0.waiting.events == 0 }
                }
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
                let delivered = Set(try workspace.delivered.messages().map(\.id))
                // What was refused in the middle of its write may be there all the same; what was acknowledged must be.
                #expect(delivered.isSuperset(of: acknowledged.map(\.id)))
            }
        }

        @Test func aReserveAboveTheFileSystemIsAProblemOfTheConfiguration() async throws {
            let disk = try SmallFileSystem(bytes: 8 * Self.megabyte)
            try await Workspace.run { workspace in
                let spool = [
                    "GATEWAY_SPOOL_DIRECTORY": disk.path + "/spool", "GATEWAY_SPOOL_RESERVE_BYTES": "16MiB",
                ]
                for process in [try workspace.ingest(spool), try workspace.forwarder(spool)] {
                    #expect(try await process.exit() == .code(78), "\(process.name)")
                    #expect(process.errorText.contains("GATEWAY_SPOOL_RESERVE_BYTES"), "\(process.errorText)")
                }
            }
        }

        /// Delivered segments stay for a replay and are not delivered again by the next forwarder.
        @Test func retainedSegmentsAreNotDeliveredTwice() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                let events = batch("kept", 0)
                let outcome = try await GatewayClient.connected(to: port) { client in
                    await client.send([try Requests.instance("i"), try Requests.batch(events)])
                }
                #expect(outcome.ids.count == events.count)
                #expect(try await ingest.stop() == .code(0))
                for _ in 0..<2 {
                    let forwarder = try workspace.forwarder()
                    _ = try await forwarder.port()
                    try await eventually("the segment is finished") {
                        try workspace.inspector.status().segments == 0
                    }
                    #expect(try await forwarder.stop() == .code(0))
                    #expect(try workspace.layout.segmentNumbers().count == 1, "it is kept")
                }
                let delivered = try workspace.delivered.messages()
                #expect(delivered.map(\.id).sorted() == events.map(\.id).sorted())
                let last = try workspace.forwarder(["GATEWAY_RETENTION": "0s"])
                _ = try await last.port()
                #expect(try workspace.layout.segmentNumbers().isEmpty)
                #expect(try await last.stop() == .code(0))
            }
        }
    }
}
