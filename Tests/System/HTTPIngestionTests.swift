internal import Foundation
internal import Store
internal import Testing

extension SystemTests {
    /// `POST /v1/events` for services that have no gRPC, with curl.
    @Suite(.serialized, .enabled(if: Tool.path("curl") != nil, Curl.isMissing)) struct HTTPIngestion {
        private let settings = ["GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES": "true"]
        private let lines = ["--header", "content-type: application/x-ndjson"]
        private let service = ["--header", "x-service-id: pings", "--header", "x-request-id: by-hand"]

        /// The body's file, compressed when `gzip` is set.
        private func file(
            _ text: String, name: String, gzip: Bool = false, in workspace: Workspace
        ) async throws -> [String] {
            let path = "\(workspace.directory)/\(name)"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            guard gzip else { return ["--data-binary", "@\(path)"] }
            #expect(try await Tool.run("gzip", ["--force", path], in: workspace).code == 0)
            return ["--header", "content-encoding: gzip", "--data-binary", "@\(path).gz"]
        }

        private func json(_ value: NSDictionary) throws -> String {
            String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self)
        }

        private func text(_ value: String) -> JSONValue { .string(value) }

        @Test(arguments: Curl.Version.allCases) func eventsOverHTTP(_ version: Curl.Version) async throws {
            let good = (0..<2).map { TestEvent(id: "good-\($0)", number: $0) }
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(settings)
                let forwarder = try workspace.forwarder()
                let curl = Curl(workspace: workspace, port: try await ingest.port(), version: version)
                let bad = try json([
                    "id": "bad", "feature": "Bad", "action": "done", "timestamp": "2026-01-01T00:00:00Z",
                ])
                let texts = [try json(good[0].json), bad, "no json", try json(good[1].json), try json(good[0].json)]
                let body = try await file(
                    texts.joined(separator: "\n"), name: "lines", gzip: true, in: workspace)
                let answer = try await curl("/v1/events", service + lines + body)
                #expect(answer.status == 200, "\(answer.body)")
                #expect(answer.contentType.hasPrefix("application/json"))
                guard case .array(let results) = answer.json?["results"] else {
                    throw HarnessError("no results: \(answer.body)")
                }
                let states = ["recorded", "rejected", "rejected", "recorded", "duplicate"].map(text)
                #expect(results.map { $0["status"] } == states)
                #expect(results.map { $0["id"] } == [text("good-0"), text("bad"), nil, text("good-1"), text("good-0")])
                #expect(results[1]["code"] == text("feature_action_malformed"))
                #expect(results[1]["field"] == text("feature"))
                #expect(results[2]["line"] == .number(3))
                #expect(answer.json?["recorded"] == .number(2))

                // The same again, as an array and not compressed.
                let array = try await file(
                    "[\(try good.map { try json($0.json) }.joined(separator: ","))]", name: "array", in: workspace)
                let again = try await curl(
                    "/v1/events", service + ["--header", "content-type: application/json"] + array)
                #expect(again.status == 200, "\(again.body)")
                #expect(again.json?["duplicates"] == .number(2))

                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                let messages = try workspace.delivered.messages()
                #expect(messages.map(\.event) == good.map(\.json))
                #expect(messages.allSatisfy { $0.attributes == good[0].attributes(source: "pings") })
                let metadata: NSDictionary = [
                    "requestId": "by-hand", "identifier": ["managedService": ["serviceId": "pings"]],
                ]
                #expect(messages.allSatisfy { $0.metadata == metadata })
                #expect(try workspace.quarantined().map(\.id) == ["bad"])
            }
        }

        @Test(arguments: Curl.Version.allCases) func requestsThatAreRefused(_ version: Curl.Version) async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(settings)
                let curl = Curl(workspace: workspace, port: try await ingest.port(), version: version)
                let event = try await file(
                    try json(TestEvent(id: "refused", number: 1).json), name: "event", in: workspace)
                let broken = try await file("[{", name: "broken", in: workspace)
                let much = String(repeating: "\n", count: 17 << 20)
                let large = try await file(much, name: "large", in: workspace)
                let bomb = try await file(much, name: "bomb", gzip: true, in: workspace)
                let json = ["--header", "content-type: application/json"]
                let cases: [(arguments: [String], status: Int, code: String)] = [
                    (lines + event, 400, "service_id_missing"),
                    (service + ["--header", "x-service-id: pongs"] + lines + event, 400, "header_repeated"),
                    (service + ["--header", "content-type: text/plain"] + event, 415, "content_type_unsupported"),
                    (
                        service + lines + ["--header", "content-encoding: br"] + event, 415,
                        "content_encoding_unsupported"
                    ),
                    (service + json + broken, 400, "truncated_json"),
                    (service + lines + large, 413, "body_too_large"),
                    (service + lines + bomb, 413, "inflates_too_much"),
                    (service, 405, "method_not_allowed"),
                ]
                for (arguments, status, code) in cases {
                    let answer = try await curl("/v1/events", arguments)
                    #expect(answer.status == status, "\(code): \(answer.body)")
                    #expect(answer.json?["code"] == text(code), "\(answer.body)")
                    #expect(answer.json?["status"] == .number(Double(status)))
                    #expect(answer.contentType.hasPrefix("application/problem+json"))
                }
                #expect(try await ingest.stop() == .code(0))
                #expect(try workspace.inspector.status().stored.events == 0)
            }
        }

        @Test func withoutAnAccountServiceNobodyIsBelieved() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let curl = Curl(workspace: workspace, port: try await ingest.port())
                let event = try await file(
                    try json(TestEvent(id: "refused", number: 1).json), name: "event", in: workspace)
                let answer = try await curl("/v1/events", service + lines + event)
                #expect(answer.status == 401)
                #expect(answer.json?["code"] == text("unauthenticated"))
                #expect(try await ingest.stop() == .code(0))
            }
        }
    }
}
