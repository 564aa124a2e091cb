internal import Contract
internal import Foundation
internal import Store
internal import SwiftProtobuf
internal import Testing

extension SystemTests {
    /// What the exporters in the field do, done with a gRPC client that this project did not write (Tests/Clients).
    @Suite(.serialized, .enabled(if: PythonClient.missing == nil, PythonClient.comment))
    struct RealClients {
        /// What `export.py` prints.
        private struct Export: Decodable {
            let code: String
            let details: String
            let sent: Int
            let eventBytes: Int
            let messageBytes: [Int]
            let messageEvents: [Int]
            let responseEvents: [Int]
            let inOrder: Bool
            let acknowledged: [String]
        }

        @Test(arguments: [[], ["--gzip"], ["--large-first"], ["--large-first", "--gzip"]])
        func anExportOfTenThousandEvents(_ options: [String]) async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder()
                let result: Export = try await PythonClient.run(
                    "export", options, port: try await ingest.port(), in: workspace)
                #expect(result.code == "OK", "\(result.details)")
                #expect(result.responseEvents == result.messageEvents, "one response a message, in order")
                #expect(result.inOrder)
                #expect(result.acknowledged.count == result.sent)
                if options.contains("--large-first") {
                    #expect(result.messageEvents.prefix(2) == [0, 1], "an empty message precedes the large event")
                    #expect(result.messageBytes[1] > 1 << 20)
                } else {
                    #expect(result.messageEvents.count == 6)
                    #expect(abs(result.eventBytes - 562) < 5)
                    #expect(result.messageBytes.dropLast().allSatisfy { abs($0 - 1 << 20) < 16 << 10 })
                }
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                let messages = try workspace.delivered.messages()
                let repeated = try SentEvents(workspace).check(messages, acknowledged: result.acknowledged)
                #expect(repeated == 0)
                #expect(messages.count == result.sent)
                #expect(messages.allSatisfy { $0.requestID == "python-request" })
            }
        }

        @Test func aLicensedInstance() async throws {
            let licences = try LicenceVectors.load()
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest([
                    "GATEWAY_LICENSE_PUBLIC_KEY_FILE": try licences.writePublicKey(workspace.directory)
                ])
                let forwarder = try workspace.forwarder()
                let file = workspace.directory + "/licence.txt"
                try licences.genuine.write(toFile: file, atomically: true, encoding: .utf8)
                let result: Export = try await PythonClient.run(
                    "export", ["--licence", file, "--events", "2000"], port: try await ingest.port(), in: workspace)
                #expect(result.code == "OK", "\(result.details)")
                #expect(result.inOrder)
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                let messages = try workspace.delivered.messages()
                let repeated = try SentEvents(workspace).check(
                    messages, acknowledged: result.acknowledged, source: "licensed_instance")
                #expect(repeated == 0)
                // The compatible output keeps the key in every message.
                let identifier: NSDictionary = [
                    "licensedInstance": [
                        "licenseKey": licences.genuine, "instanceId": "instance",
                        "externalUrl": "https://sourcegraph.example.com",
                    ]
                ]
                #expect(messages.allSatisfy { $0.metadata["identifier"] as? NSDictionary == identifier })
            }
        }

        @Test func fieldsOfNewerExportersAreStoredAsTheyCame() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let result: Export = try await PythonClient.run(
                    "export", ["--newer", "--events", "3000"], port: try await ingest.port(), in: workspace)
                #expect(result.code == "OK", "\(result.details)")
                #expect(result.inOrder)
                #expect(try await ingest.stop() == .code(0))
                var (stored, newer) = (0, 0)
                let problems = try workspace.inspector.visitWaiting { waiting in
                    for event in 0..<waiting.batch.eventCount {
                        stored += 1
                        waiting.batch.withEvent(event) { bytes in
                            guard let event = try? Telemetrygateway_V1_Event(serializedBytes: Array(bytes)) else {
                                return
                            }
                            let kept = [
                                event.unknownFields, event.interaction.unknownFields, event.source.server.unknownFields,
                                event.marketingTracking.unknownFields,
                            ]
                            if kept.allSatisfy({ $0.data.starts(with: Self.newerField) }) { newer += 1 }
                        }
                    }
                    return true
                }
                #expect(problems.isEmpty)
                #expect(stored == 3000)
                #expect(newer == 3000, "events that still have the fields of newer exporters")
                // Today's messages are what they are without those fields.
                let forwarder = try workspace.forwarder()
                try await workspace.drained()
                #expect(try await forwarder.stop() == .code(0))
                let messages = try workspace.delivered.messages()
                #expect(try SentEvents(workspace).check(messages, acknowledged: result.acknowledged) == 0)
            }
        }

        /// How the fields that `export.py --newer` adds begin: number 40, of length 21.
        private static let newerField: [UInt8] = [0xc2, 0x02, 21] + Array("parent_interaction_id".utf8)

        /// What `interrupted.py` prints.
        private struct Interrupted: Decodable {
            let firstCode: String
            let firstAcknowledged: Int
            let resets: Int
            let resent: Int
            let code: String
            let details: String
            let inOrder: Bool
            let acknowledged: [String]
        }

        @Test(arguments: [("reset", "CANCELLED"), ("close", "UNAVAILABLE"), ("lose", "UNAVAILABLE")])
        func aStreamThatBreaksInTheMiddleOfABatch(_ how: String, _ code: String) async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder()
                let result: Interrupted = try await PythonClient.run(
                    "interrupted", ["--how", how], port: try await ingest.port(), in: workspace)
                #expect(result.firstCode == code)
                // `lose`: durable and answered, but the client never saw it.
                let known = how == "lose" ? 0..<3000 : 1..<10_000
                #expect(known.contains(result.firstAcknowledged), "acknowledged before it broke")
                #expect(result.resent == 10_000 - result.firstAcknowledged)
                if how == "reset" { #expect(result.resets == 1) }
                #expect(result.code == "OK", "\(result.details)")
                #expect(result.inOrder)
                #expect(result.acknowledged.count == 10_000)
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                let messages = try workspace.delivered.messages()
                let repeated = try SentEvents(workspace).check(messages, acknowledged: result.acknowledged)
                #expect(repeated == 0, "resent and delivered twice")
            }
        }

        @Test func resendsAreAcknowledgedAgainAndDeliveredOnce() async throws {
            try await Workspace.run { workspace in
                var ingest = try workspace.ingest()
                // Twice to one process, and once more to the next, which remembers what is not delivered yet.
                for _ in 0..<2 {
                    let result: Export = try await PythonClient.run(
                        "export", ["--events", "4000"], port: try await ingest.port(), in: workspace)
                    #expect(result.code == "OK" && result.inOrder, "\(result.details)")
                }
                #expect(try await ingest.stop() == .code(0))
                ingest = try workspace.ingest()
                let result: Export = try await PythonClient.run(
                    "export", ["--events", "5000"], port: try await ingest.port(), in: workspace)
                #expect(result.code == "OK" && result.inOrder, "\(result.details)")
                let forwarder = try workspace.forwarder()
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                let messages = try workspace.delivered.messages()
                let repeated = try SentEvents(workspace).check(messages, acknowledged: result.acknowledged)
                #expect(repeated == 0, "resent and delivered twice")
            }
        }

        /// What the scripts with several cases print for one.
        private struct Case: Decodable {
            let code: String
            let details: String
            var responses: [[String]]?
            var acknowledged: [String]?
        }

        private struct Cases: Decodable {
            let results: [String: Case]

            func expect(_ name: String, _ code: String, _ details: String, responses: [[String]] = []) {
                let result = results[name]
                #expect(result?.code == code, "\(name)")
                #expect(result?.details.hasPrefix(details) == true, "\(name): \(result?.details ?? "")")
                #expect(result?.responses == responses, "\(name)")
            }
        }

        @Test func whatBadClientsAreTold() async throws {
            let licences = try LicenceVectors.load()
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest([
                    "GATEWAY_LICENSE_PUBLIC_KEY_FILE": try licences.writePublicKey(workspace.directory)
                ])
                let cases: Cases = try await PythonClient.run("misuse", port: try await ingest.port(), in: workspace)
                let id = "python-" + String(repeating: "0", count: 29)
                let early = "got events when metadata not yet received"
                cases.expect(
                    "metadata twice", "INVALID_ARGUMENT", "received metadata more than once", responses: [[id]])
                cases.expect("events first", "INVALID_ARGUMENT", early)
                cases.expect("no events first", "INVALID_ARGUMENT", early)
                cases.expect("nothing", "OK", "")
                cases.expect("metadata only", "OK", "")
                cases.expect("messages without payload", "OK", "", responses: [[], [id]])
                cases.expect("no identifier", "INVALID_ARGUMENT", "identifier is required")
                cases.expect("unset identifier", "UNIMPLEMENTED", "unsupported identifier type")
                cases.expect(
                    "no instance id", "INVALID_ARGUMENT", "instance_id is required for unlicensed instance")
                cases.expect("no service id", "INVALID_ARGUMENT", "service_id is required for managed services")
                cases.expect("no licence key", "INVALID_ARGUMENT", "invalid license_key: ")
                cases.expect("bad licence key", "INVALID_ARGUMENT", "invalid license_key: ")
                cases.expect("huge metadata", "INVALID_ARGUMENT", "the metadata has ")
                cases.expect("unknown method", "UNIMPLEMENTED", "")
                #expect(cases.results.count == 14)
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test(arguments: [[], ["--gzip"]])
        func messagesAtTheLimitAndCallsPastTheirDeadline(_ options: [String]) async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder()
                let cases: Cases = try await PythonClient.run(
                    "limits", options, port: try await ingest.port(), in: workspace)
                #expect(cases.results["at"]?.code == "OK", "\(cases.results["at"]?.details ?? "")")
                #expect(cases.results["beyond"]?.code == "RESOURCE_EXHAUSTED")
                #expect(cases.results["beyond"]?.details.contains("94371840") == true)
                #expect(cases.results["beyond"]?.acknowledged == [])
                #expect(cases.results["deadline"]?.code == "DEADLINE_EXCEEDED")
                #expect(cases.results["deadline"]?.acknowledged?.count == 10, "answered before the deadline")
                #expect(cases.results["after"]?.code == "OK")
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                let acknowledged = cases.results.values.flatMap { $0.acknowledged ?? [] }
                let sent = try SentEvents(workspace)
                #expect(sent.check(try workspace.delivered.messages(), acknowledged: acknowledged) == 0)
                #expect(acknowledged.count == sent.count)
            }
        }
    }
}
