internal import Contract
internal import Foundation
internal import SwiftProtobuf
internal import Testing

extension SystemTests {
    /// The vectors of the contract through the real processes.
    @Suite(.serialized) struct Vectors {
        struct Vector: Decodable, Sendable {
            let name: String
            let source: String
            let wire: Data
            let verdict: String
            let reason: String?
            let event: JSONValue?
            let attributes: [String: String]?

            /// Whether a managed service sends it.
            var isService: Bool { source != "licensed_instance" && source != "unlicensed_instance" }

            static func all() throws -> [Vector] {
                let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                let lines = try Data(contentsOf: tests.appending(path: "ContractTests/Vectors/events.ndjson"))
                return try lines.split(separator: UInt8(ascii: "\n")).map {
                    try JSONDecoder().decode(Vector.self, from: Data($0))
                }
            }
        }

        @Test func everyVectorThroughTheRealProcesses() async throws {
            let vectors = try Vector.all()
            let licences = try LicenceVectors.load()
            #expect(vectors.count == 400)
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest([
                    "GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES": "true",
                    // Their ids repeat, and each of them is to be delivered.
                    "GATEWAY_DUPLICATE_WINDOW_BYTES": "0",
                    "GATEWAY_LICENSE_PUBLIC_KEY_FILE": try licences.writePublicKey(workspace.directory),
                ])
                let forwarder = try workspace.forwarder()
                let port = try await ingest.port()
                try await GatewayClient.connected(to: port) { client in
                    for vector in vectors { try await send(vector, licences.genuine, client) }
                }
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))
                try check(vectors, workspace)
            }
        }

        /// On a stream of its own, whose request id is the vector's name: ids of vectors repeat.
        private func send(_ vector: Vector, _ licenceKey: String, _ client: GatewayClient) async throws {
            let id = try Telemetrygateway_V1_Event(serializedBytes: vector.wire).id
            let metadata =
                switch vector.source {
                case "licensed_instance": try Requests.licensed(licenceKey, requestID: vector.name)
                case "unlicensed_instance": try Requests.instance("instance", requestID: vector.name)
                default: try Requests.service(vector.source, requestID: vector.name)
                }
            let outcome = await client.send([metadata, Requests.batch(eventBytes: [UInt8](vector.wire))])
            #expect(outcome.error == nil, "\(vector.name)")
            let isAcknowledged = vector.verdict == "accept" || !vector.isService
            #expect(outcome.responses == [isAcknowledged ? [id] : []], "\(vector.name)")
        }

        private func check(_ vectors: [Vector], _ workspace: Workspace) throws {
            let delivered = Dictionary(grouping: try workspace.delivered.messages(), by: { $0.requestID ?? "" })
            let kept = Dictionary(grouping: try workspace.quarantined(), by: \.requestID)
            var names: Set<String> = []
            for vector in vectors {
                #expect(names.insert(vector.name).inserted, "names of vectors must be unique: \(vector.name)")
                let messages = delivered[vector.name, default: []]
                let quarantined = kept[vector.name, default: []]
                if vector.verdict == "accept" {
                    #expect(messages.count == 1 && quarantined.isEmpty, "\(vector.name)")
                    guard let message = messages.first else { continue }
                    #expect(try JSONValue(message.data)["data"]?["event"] == vector.event, "\(vector.name)")
                    #expect(message.attributes == vector.attributes, "\(vector.name)")
                } else {
                    #expect(messages.isEmpty, "\(vector.name)")
                    #expect(quarantined.count == 1, "\(vector.name)")
                    #expect(quarantined.first?.bytes == [UInt8](vector.wire), "\(vector.name)")
                    #expect(quarantined.first?.reason.isEmpty == false, "\(vector.name)")
                    #expect(quarantined.first?.detail.isEmpty == false, "\(vector.name)")
                }
            }
            #expect(Set(delivered.keys).union(kept.keys).isSubset(of: names))
        }
    }
}
