internal import Foundation
internal import GRPCCore
internal import Testing

extension SystemTests {
    /// Managed services with tokens of an account service that this project did not write (Tests/Clients).
    @Suite(
        .serialized, .enabled(if: PythonClient.missing == nil, PythonClient.comment),
        .enabled(if: Tool.path("curl") != nil, Curl.isMissing))
    struct ManagedServices {
        /// What `tokens.py` prints.
        private struct Results: Decodable {
            struct Call: Decodable {
                let code: String
                let details: String
                let acknowledged: [String]
            }

            let results: [String: Call]
        }

        /// What `account_service.py` prints when it is ready.
        private struct Ports: Decodable {
            let port: Int
            let grpcPort: Int
        }

        private func settings(_ method: String, _ ports: Ports) -> [String: String] {
            let address = "http://127.0.0.1:\(ports.port)"
            let common = [
                "TELEMETRY_GATEWAY_SAMS_CLIENT_ID": "gateway client",
                "TELEMETRY_GATEWAY_SAMS_CLIENT_SECRET": "gateway secret: & + %",
                "GATEWAY_KNOWN_SERVICES": "cody-gateway",
            ]
            let own =
                method == "sams"
                ? ["SAMS_URL": address, "TELEMETRY_GATEWAY_SAMS_SERVER_URL": "http://127.0.0.1:\(ports.grpcPort)"]
                : ["GATEWAY_TOKEN_INTROSPECTION": method, "GATEWAY_TOKEN_INTROSPECTION_URL": "\(address)/introspect"]
            return common.merging(own) { $1 }
        }

        /// The rows of the reference's table 1.5 that a client can see: header, gRPC code, text, HTTP status.
        private static let rows: [(header: String, code: String, text: String, status: String)] = {
            let invalid = "invalid token header: "
            return [
                ("none", "UNAUTHENTICATED", "no token header value", "401"),
                ("empty", "UNAUTHENTICATED", "no token header value", "401"),
                ("repeated", "UNAUTHENTICATED", "no token header value", "401"),
                ("no type", "UNAUTHENTICATED", invalid + "token type missing in Authorization header", "401"),
                ("wrong type", "UNAUTHENTICATED", invalid + "invalid token type Basic in Authorization header", "401"),
                ("unknown", "PERMISSION_DENIED", "permission denied", "403"),
                ("inactive", "PERMISSION_DENIED", "permission denied", "403"),
                ("narrow", "PERMISSION_DENIED", "permission denied", "403"),
                ("broken", "INTERNAL", "unable to validate token", "503"),
                ("good", "OK", "", "200"),
            ]
        }()

        @Test(arguments: ["sams", "rfc7662"]) func everyWayToAuthenticate(_ method: String) async throws {
            try await Workspace.run { workspace in
                let accounts = try PythonClient.start("account_service", [], in: workspace)
                let accountsPort = try await accounts.port()
                let ports = try JSONDecoder().decode(Ports.self, from: Data(accounts.outputText.utf8))
                let ingest = try workspace.ingest(settings(method, ports))
                let forwarder = try workspace.forwarder()
                let port = try await ingest.port()
                let calls: Results = try await PythonClient.run("tokens", ["--http"], port: port, in: workspace)
                for row in Self.rows {
                    for way in ["stream", "unary"] {
                        let call = calls.results["\(way): \(row.header)"]
                        #expect(call?.code == row.code, "\(way), \(row.header): \(call?.details ?? "")")
                        #expect(call?.details == row.text, "\(way), \(row.header)")
                    }
                    let call = calls.results["http: \(row.header)"]
                    #expect(call?.code == row.status, "\(row.header): \(call?.details ?? "")")
                    if row.code != "OK" { #expect(call?.details.contains(row.text) == true, "\(row.header)") }
                }
                // Some clients cut the space off, and then there is no type.
                let empty = calls.results["stream: empty token"]
                #expect(["UNAUTHENTICATED", "PERMISSION_DENIED"].contains(empty?.code))
                // One question for three calls with the same token, none for headers without one.
                let asked = try await asked(accountsPort, in: workspace)
                #expect(asked["good"] == .number(1))
                #expect(asked["nobody-gave-this"] == .number(1))
                #expect(asked[""] == nil)

                let acknowledged = ["stream", "unary", "http"].flatMap {
                    calls.results["\($0): good"]?.acknowledged ?? []
                }
                #expect(acknowledged.count == 3)
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                let messages = try workspace.delivered.messages()
                #expect(messages.count == 3)
                let sent = try SentEvents(workspace)
                #expect(sent.check(messages, acknowledged: acknowledged, source: "cody-gateway") == 0)
                let stream = messages.first { $0.requestID == "python-stream" }
                let identifier: NSDictionary = [
                    "managedService": ["serviceId": "cody-gateway", "serviceEnvironment": "dev"]
                ]
                #expect(stream?.metadata["identifier"] as? NSDictionary == identifier)
                for secret in ["gateway secret", "own-token", "nobody-gave-this", "Z29vZA"] {
                    #expect(!ingest.errorText.contains(secret), "a secret in the log: \(secret)")
                }
            }
        }

        @Test func aVerifiedTokenOutlivesTheAccountService() async throws {
            try await Workspace.run { workspace in
                let accounts = try PythonClient.start("account_service", [], in: workspace)
                _ = try await accounts.port()
                let ports = try JSONDecoder().decode(Ports.self, from: Data(accounts.outputText.utf8))
                let ingest = try workspace.ingest(settings("sams", ports))
                let port = try await ingest.port()
                let before = try await send("good", "before", to: port)
                #expect(before == nil)
                try await accounts.destroy()
                #expect(try await send("good", "after", to: port) == nil)
                let other = try await send("also-good", "unknown", to: port)
                #expect(other == "unable to validate token")
                #expect(try await ingest.stop() == .code(0))
            }
        }

        /// Sends one event with a token.
        /// - Returns: what the call ended with; nil when it went well.
        private func send(_ token: String, _ id: String, to port: Int) async throws -> String? {
            let request = try Requests.unary(
                Requests.serviceMetadata("cody-gateway"), TestEvent(id: id, number: 1).message)
            return try await GatewayClient.connected(to: port) { client in
                await client.recordEvent(request, headers: ["authorization": "Bearer \(token)"])?.message
            }
        }

        /// How often the account service was asked about each token.
        private func asked(_ port: Int, in workspace: Workspace) async throws -> [String: JSONValue] {
            let answer = try await Curl(workspace: workspace, port: port)("/counts", ["--request", "POST"])
            guard case .object(let counts) = answer.json else { throw HarnessError("no counts: \(answer.body)") }
            return counts
        }
    }
}
