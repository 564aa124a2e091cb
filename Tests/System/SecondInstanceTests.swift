internal import Testing

extension SystemTests {
    /// One process for one role on one spool.
    @Suite(.serialized) struct SecondInstance {
        @Test func secondIngestIsRefused() async throws {
            try await Workspace.run { workspace in
                let first = try workspace.ingest()
                let port = try await first.port()
                let second = try workspace.ingest()
                #expect(try await second.exit() == .code(69))
                #expect(second.errorText.contains("pid \(first.pid)"))
                let event = TestEvent(id: "still-served", number: 1)
                let outcome = try await GatewayClient.connected(to: port) { client in
                    await client.send([try Requests.instance("i"), try Requests.batch([event])])
                }
                #expect(outcome.responses == [[event.id]])
                #expect(try await first.stop() == .code(0))
            }
        }

        @Test func secondForwarderIsRefused() async throws {
            try await Workspace.run { workspace in
                let first = try workspace.forwarder()
                _ = try await first.port()
                let second = try workspace.forwarder(["GATEWAY_DESTINATIONS": "file://\(workspace.directory)/other"])
                #expect(try await second.exit() == .code(69))
                #expect(second.errorText.contains("pid \(first.pid)"))
                #expect(try await first.stop() == .code(0))
            }
        }
    }
}
