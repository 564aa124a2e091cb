internal import Foundation
internal import Store
internal import Testing

extension SystemTests {
    /// A wrong configuration is refused at once and whole.
    @Suite(.serialized) struct Configuration {
        @Test(arguments: [[], ["--check-config"]]) func everyProblemIsNamedAtOnce(_ arguments: [String]) async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(
                    [
                        "PORT": "99999", "GATEWAY_SEGMENT_BYTES": "banana", "GATEWAY_SEGMENT_AGE": "0s",
                        "GATEWAY_SEGMENT_BYTE": "1MiB", "GATEWAY_MESSAGE_MAXIMUM_BYTES": "3MiB",
                    ], arguments: arguments)
                #expect(try await ingest.exit() == .code(78))
                for name in [
                    "PORT", "GATEWAY_SEGMENT_BYTES", "GATEWAY_SEGMENT_AGE", "GATEWAY_SEGMENT_BYTE:",
                    "GATEWAY_MESSAGE_MAXIMUM_BYTES",
                ] {
                    #expect(ingest.errorText.contains(name), "\(name): \(ingest.errorText)")
                }
                let forwarder = try workspace.forwarder(
                    [
                        "GATEWAY_FORWARDER_PORT": "-1", "GATEWAY_DESTINATIONS": "ftp://there,pubsub://only-a-project",
                        "GATEWAY_FILE_MAXIMUM_AGE": "soon", "TELEMETRY_GATEWAY_EVENTS_PUBSUB_TOPIC_ID": "lonely",
                    ], arguments: arguments)
                #expect(try await forwarder.exit() == .code(78))
                for name in [
                    "GATEWAY_FORWARDER_PORT", "ftp://there", "only-a-project", "GATEWAY_FILE_MAXIMUM_AGE",
                    "TELEMETRY_GATEWAY_EVENTS_PUBSUB_PROJECT_ID",
                ] {
                    #expect(forwarder.errorText.contains(name), "\(name): \(forwarder.errorText)")
                }
                #expect(ingest.outputText.isEmpty && forwarder.outputText.isEmpty)
                #expect(!FileManager.default.fileExists(atPath: workspace.layout.root), "nothing was touched")
            }
        }

        @Test func aFirstRunNeedsNoSettings() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.start("ingest", Binaries.ingest, ["--check-config"], [:])
                #expect(try await ingest.exit() == .code(0))
                let output = try await ingest.wholeOutput()
                let port = output.split(separator: "\n").first { $0.hasPrefix("PORT") }
                #expect(port?.contains("10085") == true, "\(output)")
            }
        }

        @Test func checkPrintsTheEffectiveConfiguration() async throws {
            try await Workspace.run { workspace in
                let file = workspace.directory + "/gateway.json"
                try #"{"GATEWAY_SEGMENT_BYTES": "32MiB"}"#.write(toFile: file, atomically: true, encoding: .utf8)
                let ingest = try workspace.ingest(arguments: ["--check-config", "--config", file])
                #expect(try await ingest.exit() == .code(0))
                let output = try await ingest.wholeOutput()
                #expect(output.contains("GATEWAY_SEGMENT_BYTES") && output.contains("32MiB"), "\(output)")
                #expect(output.contains(workspace.layout.root))
                #expect(!FileManager.default.fileExists(atPath: workspace.layout.root))
            }
        }
    }
}
