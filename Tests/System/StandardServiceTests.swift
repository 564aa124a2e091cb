internal import Foundation
internal import Testing

extension SystemTests {
    /// gRPC health checks and server reflection, with clients of others.
    @Suite(.serialized) struct StandardServices {
        private static let service = "telemetrygateway.v1.TelemeteryGatewayService"

        private struct Answers: Decodable {
            let health: [String: String]
            let services: [String]
            let methods: [String]
        }

        @Test(.enabled(if: PythonClient.missing == nil, PythonClient.comment)) func healthAndReflection() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let answers: Answers = try await PythonClient.run(
                    "standard_services", port: try await ingest.port(), in: workspace)
                #expect(answers.health == ["": "SERVING", Self.service: "SERVING", "no.such.Service": "NOT_FOUND"])
                #expect(answers.services.contains(Self.service))
                #expect(answers.services.contains("grpc.health.v1.Health"))
                #expect(answers.methods == ["RecordEvents", "RecordEvent"])
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test(.enabled(if: Tool.path("grpcurl") != nil, "grpcurl is not installed")) func grpcurl() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder()
                let address = "127.0.0.1:\(try await ingest.port())"
                let list = try await Tool.run("grpcurl", ["-plaintext", address, "list"], in: workspace)
                #expect(list.output.split(separator: "\n").contains(Substring(Self.service)))
                let health = try await Tool.run(
                    "grpcurl", ["-plaintext", address, "grpc.health.v1.Health/Check"], in: workspace)
                #expect(health.output.contains("SERVING"))
                // It reads the messages of a stream one after the other.
                let messages = """
                    {"metadata":{"requestId":"r","identifier":{"unlicensedInstance":{"instanceId":"i"}}}}
                    {"events":{"events":[{"id":"from-grpcurl","timestamp":"2026-01-01T00:00:00Z",\
                    "feature":"a.feature","action":"done"}]}}
                    """
                let sent = try await Tool.run(
                    "grpcurl", ["-plaintext", "-d", messages, address, "\(Self.service)/RecordEvents"], in: workspace)
                #expect(sent.code == 0)
                #expect(sent.output.contains("from-grpcurl"))
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                #expect(try workspace.delivered.messages().map(\.id) == ["from-grpcurl"])
            }
        }
    }
}
