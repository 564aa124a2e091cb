internal import Foundation
internal import GRPCCore
internal import Testing

extension SystemTests {
    /// What ingest writes about calls: who, what, how long, and nothing that is secret.
    @Suite(.serialized) struct Logs {
        private func lines(_ process: ManagedProcess) throws -> [[String: Any]] {
            try process.errorText.split(separator: "\n").map { line in
                guard let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
                    throw HarnessError("not a log line: \(line)")
                }
                return json
            }
        }

        @Test func oneLineForEachStreamAndNoSecrets() async throws {
            let licences = try LicenceVectors.load()
            let wrong = String(licences.genuine.reversed())
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest([
                    "GATEWAY_LICENSE_PUBLIC_KEY_FILE": try licences.writePublicKey(workspace.directory)
                ])
                let events = (0..<3).map { TestEvent(id: "logged-\($0)", number: $0) }
                try await GatewayClient.connected(to: try await ingest.port()) { client in
                    let licensed = try Requests.licensed(licences.genuine, requestID: "first-request")
                    let outcome = await client.send(
                        [licensed, try Requests.batch(events), try Requests.batch(events)],
                        headers: ["authorization": "Bearer a-secret-token"])
                    #expect(outcome.error == nil)
                    let refused = await client.send([try Requests.licensed(wrong, requestID: "second-request")])
                    #expect(refused.error?.code == .invalidArgument)
                    for _ in 0..<20 {
                        let misused = await client.send([licensed, licensed])
                        #expect(misused.error?.code == .invalidArgument)
                    }
                }
                #expect(try await ingest.stop() == .code(0))
                let lines = try lines(ingest)
                let done = lines.filter {
                    $0["request_id"] as? String == "first-request" && $0["events"] as? String == "6"
                }
                #expect(done.count == 1, "one line for the stream")
                #expect(done.first?["message"] as? String == "request done")
                #expect(done.first?["source"] as? String == "licensed_instance")
                #expect(done.first?["duplicates"] as? String == "3")
                #expect((done.first?["client"] as? String)?.contains("instance") == true)
                let refusals = lines.filter { $0["message"] as? String == "request refused" }
                #expect(
                    (2...4).contains(refusals.count), "repeated refusals are counted, not logged: \(refusals.count)")
                for secret in [String(licences.genuine.prefix(24)), String(wrong.prefix(24)), "a-secret-token"] {
                    #expect(!ingest.errorText.contains(secret), "a secret in the log")
                }
            }
        }
    }
}
