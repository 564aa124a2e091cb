internal import Contract
internal import FakePubSub
internal import Foundation
internal import GRPCCore
internal import TestSupport
internal import Testing

extension SystemTests {
    /// A fleet of clients with different troubles, and what `gatewayctl diagnose` says of each.
    @Suite(.serialized, .enabled(if: Tool.path("curl") != nil, Curl.isMissing)) struct Fleet {
        /// One sender's trouble and the verdicts that are not `ok`.
        private struct Row {
            let client: FleetClient
            var exit: Int32 = 1
            var expected: [String: String]
            /// A check whose text must have something in it.
            var text: (check: String, part: String)?
            /// What it sends; by default one stream of three events.
            var send: (@Sendable (GatewayClient, FleetClient) async throws -> Void)?
        }

        private let issuer: LicenceIssuer
        private let publicKey: String

        init() throws {
            issuer = try LicenceIssuer.first.get()
            publicKey = issuer.publicKeyLine
        }

        private func licence(
            _ tags: [String] = ["plan:enterprise-1"], created: String = "2024-01-15", expires: String = "2100-01-15"
        ) throws -> String {
            let list = tags.map { "\"\($0)\"" }.joined(separator: ",")
            return try issuer.issue(
                """
                {"v":3,"n":[1,2,3,4,5,6,7,8],"t":[\(list)],"u":10,"c":"\(created)T00:00:00Z","e":"\(expires)T00:00:00Z",\
                "sf_sub_id":"AE0001","sf_opp_id":"EA0002"}
                """)
        }

        /// Sends one stream.
        private static func stream(
            _ gateway: GatewayClient, _ client: FleetClient, _ events: [Telemetrygateway_V1_Event]
        ) async throws {
            let outcome = await gateway.send([try client.metadata, try Requests.batch(events)])
            #expect(outcome.error == nil, "\(client.id)")
        }

        private static let good = { @Sendable (gateway: GatewayClient, client: FleetClient) async throws -> Void in
            try await stream(gateway, client, client.events(3))
        }

        private static let nothingAdmitted = [
            "licence_tags": "not_known", "licence": "not_known", "version": "not_known", "last_stream": "problem",
            "last_refusal": "problem",
        ]

        /// Licences and versions.
        private func instances() throws -> [Row] {
            let plain = try licence()
            let limited = "disable-telemetry-events-export"
            return [
                Row(
                    client: FleetClient(id: "licensed", licence: plain, url: "https://licensed.example"), exit: 0,
                    expected: [:], text: ("delivered", "as message")),
                Row(client: FleetClient(id: "unlicensed", url: "https://free.example"), exit: 0, expected: [:]),
                Row(
                    client: FleetClient(id: "cody-only", licence: try licence(["dev", limited])),
                    expected: ["licence_tags": "look_here"], text: ("licence_tags", limited)),
                Row(
                    client: FleetClient(id: "cody-only-spaces", licence: try licence([" \(limited) "])),
                    expected: ["licence_tags": "look_here"], text: ("licence_tags", "cody only")),
                Row(
                    client: FleetClient(id: "air-gapped-sending", licence: try licence(["allow-air-gapped"])),
                    expected: ["licence_tags": "look_here"], text: ("licence_tags", "events come all the same")),
                Row(
                    client: FleetClient(id: "air-gapped", licence: try licence(["allow-air-gapped"])),
                    expected: ["licence_tags": "problem", "last_stream": "look_here", "version": "not_known"]
                ) { _ = await $0.send([try $1.metadata]) },
                Row(
                    client: FleetClient(id: "old-licence", licence: try licence(created: "2023-10-03")),
                    expected: ["licence_tags": "look_here"], text: ("licence_tags", "2023-10-04")),
                Row(
                    client: FleetClient(id: "expired", licence: try licence(expires: "2024-02-01")),
                    expected: ["licence": "look_here"], text: ("licence", "2024-02-01")),
                Row(
                    client: FleetClient(id: "before-export", version: "5.1.9"), expected: ["version": "problem"],
                    text: ("version", "5.1.9")),
                Row(client: FleetClient(id: "opt-in", version: "5.2.0"), expected: ["version": "look_here"]),
                Row(
                    client: FleetClient(id: "no-url", version: "5.2.3"), expected: ["version": "look_here"],
                    text: ("version", "5.2.6")),
                Row(
                    client: FleetClient(id: "between-releases", version: "267337_2024-04-25_5.3-4a3b2c1"), exit: 0,
                    expected: ["version": "not_known"]),
                Row(client: FleetClient(id: "no-version", version: nil), exit: 0, expected: ["version": "not_known"]),
            ]
        }

        /// Refusals of calls.
        private func refused() throws -> [Row] {
            let plain = try licence()
            let broken = String(plain.dropLast(40))
            return [
                Row(
                    client: FleetClient(id: "bad-licence", licence: broken), expected: Self.nothingAdmitted,
                    text: ("last_refusal", "INVALID_ARGUMENT “invalid license_key: ")
                ) { _ = await $0.send([try $1.metadata]) },
                Row(
                    client: FleetClient(id: "licence-broke", licence: plain), expected: ["last_refusal": "problem"],
                    text: ("last_refusal", "licence 1")
                ) { gateway, client in
                    try await Self.good(gateway, client)
                    var later = client
                    later.licence = broken
                    _ = await gateway.send([try later.metadata])
                },
                Row(
                    client: FleetClient(id: "licence-mended", licence: plain), expected: ["last_refusal": "look_here"],
                    text: ("last_refusal", "admitted since")
                ) { gateway, client in
                    var earlier = client
                    earlier.licence = broken
                    _ = await gateway.send([try earlier.metadata])
                    try await Self.good(gateway, client)
                },
                Row(
                    client: FleetClient(id: "metadata-twice"), expected: ["last_refusal": "problem"],
                    text: ("last_refusal", "received metadata more than once")
                ) { gateway, client in
                    try await Self.good(gateway, client)
                    _ = await gateway.send([try client.metadata, try client.metadata])
                },
                Row(
                    client: FleetClient(id: "malformed"), expected: ["last_refusal": "problem"],
                    text: ("last_refusal", "malformed request")
                ) { gateway, client in
                    try await Self.good(gateway, client)
                    _ = await gateway.send([try client.metadata, [0x12, 0x7f]])
                },
                Row(
                    client: FleetClient(id: "service-refused"),
                    expected: ["last_stream": "problem", "last_refusal": "problem"],
                    text: ("last_refusal", "UNAUTHENTICATED")
                ) { gateway, client in _ = await gateway.send([try Requests.service(client.id)]) },
            ]
        }

        /// Events that are refused, and streams without any.
        private func conspicuous() -> [Row] {
            [
                Row(
                    client: FleetClient(id: "all-quarantined"), expected: ["quarantined": "problem"],
                    text: ("quarantined", "feature_action_malformed 3")
                ) { gateway, client in
                    try await Self.stream(gateway, client, client.events(3).map { Self.renamed($0, "bad_name") })
                },
                Row(
                    client: FleetClient(id: "some-quarantined"), expected: ["quarantined": "look_here"],
                    text: ("quarantined", "feature_action_required 1")
                ) { gateway, client in
                    try await Self.stream(
                        gateway, client, client.events(3) + client.events(1, from: 3).map { Self.renamed($0, "") })
                },
                Row(
                    client: FleetClient(id: "no-ids"), expected: ["quarantined": "look_here"],
                    text: ("quarantined", "event_id_required 2")
                ) { gateway, client in
                    let nameless = client.events(2, from: 3).map { event in
                        var event = event
                        event.id = ""
                        return event
                    }
                    try await Self.stream(gateway, client, client.events(3) + nameless)
                },
                Row(
                    client: FleetClient(id: "no-events"),
                    expected: ["last_stream": "look_here", "version": "not_known"],
                    text: ("last_stream", "no stream had events in it")
                ) { _ = await $0.send([try $1.metadata]) },
                Row(
                    client: FleetClient(id: "sends-again"), exit: 0, expected: [:],
                    text: ("last_stream", "3 events of these sent again")
                ) { gateway, client in
                    try await Self.good(gateway, client)
                    try await Self.good(gateway, client)
                },
                Row(
                    client: FleetClient(id: "poisonous"), expected: ["dead": "problem"],
                    text: ("dead", "the newest is letter")),
            ]
        }

        private static func renamed(
            _ event: Telemetrygateway_V1_Event, _ feature: String
        ) -> Telemetrygateway_V1_Event {
            var event = event
            event.feature = feature
            return event
        }

        private func run(_ rows: [Row], port: Int) async throws {
            try await GatewayClient.connected(to: port) { gateway in
                for row in rows { try await (row.send ?? Self.good)(gateway, row.client) }
            }
        }

        private func expect(_ rows: [Row], in workspace: Workspace) async throws {
            for row in rows {
                try await workspace.expectDiagnosis(["--client", row.client.id], exit: row.exit, row.expected) { run in
                    row.text.map { run.text($0.check).contains($0.part) } ?? true
                }
            }
        }

        private func writeKey(_ workspace: Workspace) throws -> String {
            let path = workspace.directory + "/licence.pub"
            try Data((publicKey + "\n").utf8).write(to: URL(fileURLWithPath: path))
            return path
        }

        private func post(_ id: String, _ event: String, port: Int, in workspace: Workspace) async throws -> Int {
            let body = String(
                decoding: try JSONSerialization.data(withJSONObject: TestEvent(id: event, number: 1).json),
                as: UTF8.self)
            return try await Curl(workspace: workspace, port: port)(
                "/v1/events",
                [
                    "--header", "x-service-id: \(id)", "--header", "content-type: application/x-ndjson",
                    "--data-binary",
                    body,
                ]
            ).status
        }

        @Test func everyTroubleHasItsVerdict() async throws {
            try await Workspace.run { workspace in
                var script = FailureScript()
                script.poison = ["poisonous-1"]
                let fake = try await FakePubSub.start(script: script)
                let key = try writeKey(workspace)
                let strict = try workspace.ingest(["GATEWAY_LICENSE_PUBLIC_KEY_FILE": key])
                let forwarder = try workspace.forwarder(fake.settings)
                _ = try await forwarder.port()
                var port = try await strict.port()

                let first = try instances() + refused() + conspicuous()
                try await run(first, port: port)
                #expect(try await post("http-refused", "never", port: port, in: workspace) == 401)
                // An event is given up once others are taken after it.
                _ = try await workspace.trickle("later", to: port, until: "the poison is a dead letter") {
                    try await !workspace.deadLetters(["--kind", "refused"]).isEmpty
                }
                try await expect(first, in: workspace)
                try await workspace.expectDiagnosis(
                    ["--client", "http-refused"], exit: 1, ["last_stream": "problem", "last_refusal": "problem"]
                ) { $0.text("last_refusal").contains("HTTP 401") }
                try await expectEvents(in: workspace)
                try await expectOtherNames(in: workspace)

                // What is known survives both processes; now expired licences are refused, and services accepted.
                #expect(try await strict.stop() == .code(0))
                let ingest = try workspace.ingest([
                    "GATEWAY_LICENSE_PUBLIC_KEY_FILE": key, "GATEWAY_LICENSE_ENFORCEMENT": "enforce",
                    "GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES": "true",
                ])
                port = try await ingest.port()
                try await GatewayClient.connected(to: port) { gateway in
                    let expired = FleetClient(id: "expired", licence: try licence(expires: "2024-02-01"))
                    #expect(await gateway.send([try expired.metadata]).error?.code == .permissionDenied)
                    let request = try Requests.unary(
                        Requests.serviceMetadata("single-calls"), TestEvent(id: "single", number: 1).message)
                    #expect(await gateway.recordEvent(request) == nil)
                }
                #expect(try await post("over-http", "over-http", port: port, in: workspace) == 200)
                try await workspace.expectDiagnosis(
                    ["--client", "expired"], exit: 1, ["licence": "problem", "last_refusal": "problem"]
                ) {
                    $0.text("last_refusal").contains("PERMISSION_DENIED “license_key refused: the licence is expired”")
                }
                try await workspace.expectDiagnosis(["--client", "single-calls"], exit: 0, [:]) {
                    $0.text("last_stream").contains("a single call")
                }
                try await workspace.expectDiagnosis(["--client", "over-http"], exit: 0, [:]) {
                    $0.text("last_stream").contains("HTTP")
                }
                try await expect(first.filter { $0.client.id != "expired" }, in: workspace)

                try await expectWaiting(fake, port: port, in: workspace)
                #expect(try await forwarder.stop() == .code(0))
                #expect(try await ingest.stop() == .code(0))
                // Without any process.
                try await workspace.expectDiagnosis(["--client", "licensed"], exit: 0, [:])
                try await fake.stop()
            }
        }

        /// Events by their ids.
        private func expectEvents(in workspace: Workspace) async throws {
            let delivered = try await workspace.expectDiagnosis(["--event", "licensed-1"], exit: 0, [:])
            #expect(delivered.destination?["state"]?.text == "delivered")
            #expect(delivered.destination?["message_id"]?.text.flatMap { Int($0) } != nil)
            #expect(delivered.destination?["delivered_at"]?.text != nil)
            #expect(delivered.diagnosis?["event"]?["client"]?.text == "licensed")
            let dead = try await workspace.expectDiagnosis(
                ["--event", "poisonous-1"], exit: 1, ["delivered": "look_here", "dead": "problem"])
            #expect(dead.destination?["letter"]?.number != nil)
            try await workspace.expectDiagnosis(
                ["--event", "some-quarantined-3"], exit: 1, ["event": "look_here", "quarantined": "problem"])
            let again = try await workspace.diagnose(["--event", "sends-again-0", "--all"])
            #expect(again.json["diagnoses"]?.elements?.count == 1, "a duplicate is not stored again")
            try await workspace.expectDiagnosis(["--event", "nobody-1"], exit: 2, ["event": "not_known"])
        }

        /// Senders by what is not their id.
        private func expectOtherNames(in workspace: Workspace) async throws {
            let byURL = try await workspace.expectDiagnosis(["--url", "https://licensed.example/"], exit: 0, [:])
            let digest = byURL.diagnosis?["sender"]?["licence"]?["digest"]?.text ?? ""
            #expect(digest.count == 12)
            let byDigest = try await workspace.diagnose(["--license-digest", digest])
            let found = byDigest.json["diagnoses"]?.elements?.compactMap { $0["sender"]?["client"]?.text } ?? []
            #expect(Set(found) == ["licensed", "licence-broke", "licence-mended"], "all who have that licence")
            try await workspace.expectDiagnosis(["--client", "nobody"], exit: 2, ["last_stream": "problem"])
            #expect(try await workspace.control(["diagnose"]).exit == .code(64))
            let text = try await workspace.control(["diagnose", "--client", "poisonous"])
            #expect(text.exit == .code(1))
            #expect(text.output.contains("  problem    dead letters"), "\(text.output)")
            #expect(text.output.contains("what to do next\n  1. read letter"), "\(text.output)")
            let key = try licence().prefix(40)
            #expect(!text.output.contains(key))
        }

        /// Events that wait for a destination that fails, that is paused, or for a forwarder.
        private func expectWaiting(_ fake: FakePubSub, port: Int, in workspace: Workspace) async throws {
            let waiting = ["waiting": "problem", "delivered": "look_here"]
            func send(_ id: String) async throws {
                try await GatewayClient.connected(to: port) { try await Self.good($0, FleetClient(id: id)) }
            }
            fake.apply(FailureScript(seed: 1, mix: [.unavailable: 1]))
            try await send("behind-breaker")
            try await workspace.expectDiagnosis(["--client", "behind-breaker"], exit: 1, waiting) {
                $0.text("waiting").contains("behind an open breaker (unavailable")
            }
            let event = try await workspace.expectDiagnosis(["--event", "behind-breaker-0"], exit: 1, waiting)
            #expect(event.destination?["state"]?.text == "waiting")
            fake.apply(FailureScript())
            try await workspace.expectDiagnosis(["--client", "behind-breaker"], exit: 0, [:])

            try await workspace.controlJSON(["pause", "--reason", "the topic is being moved"])
            try await send("behind-pause")
            try await workspace.expectDiagnosis(["--client", "behind-pause"], exit: 1, waiting) {
                $0.text("waiting").contains("paused (the topic is being moved)")
            }
            try await workspace.controlJSON(["resume"])
            try await workspace.expectDiagnosis(["--client", "behind-pause"], exit: 0, [:])
        }
    }
}
