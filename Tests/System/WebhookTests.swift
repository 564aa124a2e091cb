internal import Foundation
internal import TestSupport
internal import Testing

extension SystemTests {
    /// gRPC → ingest → forwarder → a receiver of HTTP requests that has its troubles.
    @Suite(.serialized)
    struct Webhook {
        @Test func everythingArrivesSignedAcrossAnOutage() async throws {
            try await Workspace.run { workspace in
                let troubles = Changeable<[HTTPTestServer.Response]>([
                    .init(503, headers: ["Retry-After": "1"]), .init(302, headers: ["Location": "/elsewhere"]),
                    .init(429),
                ])
                let server = try HTTPTestServer { _ in
                    troubles.value.isEmpty ? .init(204) : troubles.value.removeFirst()
                }
                let secretFile = "\(workspace.directory)/webhook.secret"
                try Data("the secret\n".utf8).write(to: URL(fileURLWithPath: secretFile))
                let ingest = try workspace.ingest()
                let forwarder = try workspace.forwarder([
                    "GATEWAY_DESTINATIONS": "http://\(server.host)/hook", "GATEWAY_WEBHOOK_COMPRESSION": "gzip",
                    "GATEWAY_WEBHOOK_SECRET_FILE": secretFile, "GATEWAY_WEBHOOK_MAXIMUM_EVENTS": "200",
                ])
                let port = try await ingest.port()
                _ = try await forwarder.port()
                let events = (0..<1000).map { TestEvent(id: "event-\($0)", number: $0) }
                let outcome = try await GatewayClient.connected(to: port) { client in
                    await client.send([try Requests.instance("i", requestID: "hook"), try Requests.batch(events)])
                }
                #expect(outcome.ids == events.map(\.id))
                try await workspace.drained()
                #expect(try await ingest.stop() == .code(0))
                #expect(try await forwarder.stop() == .code(0))

                let byID = Dictionary(uniqueKeysWithValues: events.map { ($0.id, $0) })
                var seen: Set<String> = []
                for request in server.requests.values {
                    #expect(request.line == "POST /hook HTTP/1.1")
                    #expect(request.headers["x-gateway-signature"]?.hasPrefix("sha256=") == true)
                    let lines = try Data(Gzip.expanded(request.body)).split(separator: UInt8(ascii: "\n"))
                    #expect(lines.count <= 200)
                    for line in lines {
                        let message = try DeliveredMessage(line)
                        seen.insert(message.id)
                        #expect(message.event == byID[message.id]?.json)
                    }
                }
                #expect(seen == Set(byID.keys))
                #expect(troubles.value.isEmpty)
            }
        }
    }
}
