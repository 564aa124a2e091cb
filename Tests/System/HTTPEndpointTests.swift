internal import Foundation
internal import Testing

extension SystemTests {
    /// HTTP on the port that gRPC has too, asked with curl.
    @Suite(.serialized, .enabled(if: Tool.path("curl") != nil, Curl.isMissing)) struct HTTPEndpoints {
        private let secret = "s3cret-0123456789abcdef"

        private func events(_ name: String, _ count: Int) -> [TestEvent] {
            (0..<count).map { TestEvent(id: "\(name)-\($0)", number: $0) }
        }

        @Test func onePortSpeaksEverything() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                for round in 0..<2 {
                    for version in Curl.Version.allCases {
                        let answer = try await Curl(workspace: workspace, port: port, version: version)("/livez")
                        #expect(answer.status == 200)
                        #expect(answer.version == version.number)
                        // What is no gRPC gets an answer also where gRPC's methods live.
                        let method = "/telemetrygateway.v1.TelemeteryGatewayService/RecordEvents"
                        let stray = try await Curl(workspace: workspace, port: port, version: version)(
                            method, ["--data", "{}", "--header", "content-type: application/json"])
                        #expect((400..<500).contains(stray.status), "\(version): \(stray.status) \(stray.body)")
                    }
                    let sent = events("round-\(round)", 3)
                    let outcome = try await GatewayClient.connected(to: port) { client in
                        await client.send([try Requests.instance("i"), try Requests.batch(sent)])
                    }
                    #expect(outcome.error == nil)
                    #expect(outcome.responses == [sent.map(\.id)])
                }
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test(arguments: Curl.Version.allCases) func diagnosticsNeedTheSecret(_ version: Curl.Version) async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(["DIAGNOSTICS_SECRET": secret])
                let forwarder = try workspace.forwarder()
                let curl = Curl(workspace: workspace, port: try await ingest.port(), version: version)
                _ = try await forwarder.port()
                let product = try await curl("/-/version")
                #expect(product.status == 200)
                #expect(product.body.first?.isNumber == true, "the version alone: \(product.body)")
                for (header, status, text) in [
                    (nil, 401, "unauthorized"), ("Bearer wrong", 401, "unauthorized"),
                    ("Bearer \(secret)x", 401, "unauthorized"), (secret, 400, "in Authorization header"),
                    ("Basic \(secret)", 400, "in Authorization header"),
                    ("Bearer \(secret)", 200, "healthz: ok"), ("bearer \(secret)", 200, "healthz: ok"),
                ] {
                    let answer = try await curl(
                        "/-/healthz", header.map { ["--header", "authorization: \($0)"] } ?? [])
                    #expect(answer.status == status, "\(header ?? "no header"): \(answer.body)")
                    #expect(answer.body.contains(text), "\(header ?? "no header"): \(answer.body)")
                    #expect(!answer.body.contains(secret))
                }
                #expect(try await ingest.stop() == .code(0))
                #expect(!ingest.errorText.contains(secret))
            }
        }

        @Test(arguments: Curl.Version.allCases) func probesAndMetricsAreOpen(_ version: Curl.Version) async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(["DIAGNOSTICS_SECRET": secret])
                let curl = Curl(workspace: workspace, port: try await ingest.port(), version: version)
                for path in ["/livez", "/readyz"] {
                    let answer = try await curl(path)
                    #expect(answer.status == 200, "\(path): \(answer.body)")
                }
                let metrics = try await curl("/metrics")
                #expect(metrics.status == 200)
                #expect(metrics.contentType.hasPrefix("text/plain"))
                #expect(metrics.body.contains("\nevents_lost_total{"))
                #expect(try await curl("/nothing-here").status == 404)
                #expect(try await curl("/livez", ["--request", "DELETE"]).status == 405)
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func withoutASecretEverybodyMayAsk() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let curl = Curl(workspace: workspace, port: try await ingest.port())
                let answer = try await curl("/-/healthz")
                #expect(answer.status == 200)
                #expect(answer.body.contains("healthz: ok"))
                #expect(try await ingest.stop() == .code(0))
            }
        }
    }
}
