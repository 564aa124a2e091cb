internal import Contract
internal import Foundation
internal import GRPCCore
internal import Testing

extension SystemTests {
    /// Licensed instances through the real ingest.
    @Suite(.serialized) struct Licences {
        @Test func everyKeyOfTheVectors() async throws {
            let vectors = try LicenceVectors.load()
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest([
                    "GATEWAY_LICENSE_PUBLIC_KEY_FILE": try vectors.writePublicKey(workspace.directory)
                ])
                let port = try await ingest.port()
                let batch = try Requests.batch([TestEvent(id: "licensed", number: 1)])
                try await GatewayClient.connected(to: port) { client in
                    for vector in vectors.cases {
                        let metadata = try Requests.licensed(vector.license_key, requestID: vector.name)
                        let outcome = await client.send([metadata, batch])
                        if vector.valid {
                            #expect(outcome.error == nil, "\(vector.name)")
                            #expect(outcome.responses == [["licensed"]], "\(vector.name)")
                        } else {
                            #expect(outcome.error?.code == .invalidArgument, "\(vector.name)")
                            #expect(
                                outcome.error?.message.hasPrefix("invalid license_key: ") == true, "\(vector.name)")
                        }
                    }
                }
                #expect(try await ingest.stop() == .code(0))
                for vector in vectors.cases where vector.license_key.count > 20 {
                    #expect(!ingest.errorText.contains(vector.license_key.prefix(20)), "a key in the log")
                }
            }
        }

        @Test func expiredKeysAreRefusedOnlyWhenTheOperatorSaysSo() async throws {
            let vectors = try LicenceVectors.load()
            let expired = try #require(vectors.cases.first { $0.name == "v1 ok" })
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest([
                    "GATEWAY_LICENSE_PUBLIC_KEY_FILE": try vectors.writePublicKey(workspace.directory),
                    "GATEWAY_LICENSE_ENFORCEMENT": "enforce",
                ])
                let port = try await ingest.port()
                try await GatewayClient.connected(to: port) { client in
                    let outcome = await client.send([try Requests.licensed(expired.license_key, requestID: "expired")])
                    #expect(outcome.error?.code == .permissionDenied)
                }
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func aBadKeyFileIsAProblemOfTheConfiguration() async throws {
            try await Workspace.run { workspace in
                let path = workspace.directory + "/bad.pub"
                try Data("ssh-ed25519 AAAA comment\n".utf8).write(to: URL(fileURLWithPath: path))
                let ingest = try workspace.ingest(["GATEWAY_LICENSE_PUBLIC_KEY_FILE": path])
                #expect(try await ingest.exit() == .code(78))
                #expect(ingest.errorText.contains("GATEWAY_LICENSE_PUBLIC_KEY_FILE"))
                #expect(ingest.errorText.contains("line 1"))
            }
        }
    }
}
