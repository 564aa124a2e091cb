internal import GRPCCore
internal import GRPCNIOTransportHTTP2Posix
internal import Store
internal import Testing

extension SystemTests {
    /// Clients that do not read while they send, as the exporters in the field.
    @Suite(.serialized) struct UnreadResponses {
        /// Opened once, then open for ever.
        private struct Gate {
            private let stream: AsyncStream<Never>
            private let continuation: AsyncStream<Never>.Continuation

            init() {
                (stream, continuation) = AsyncStream.makeStream()
            }

            func open() { continuation.finish() }

            func passed() async { for await _ in stream {} }
        }

        @Test func sixtyThousandEventsBeforeTheFirstResponseIsRead() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                let batches = (0..<60).map { batch in
                    (batch * 1000..<batch * 1000 + 1000).map { TestEvent(id: "unread-\($0)", number: $0, filling: 450) }
                }
                let messages = try batches.map(Requests.batch)
                #expect(messages.reduce(0) { $0 + $1.count } > 33_000_000)
                let metadata = try Requests.instance("exporter")
                // Smaller than the responses by far: the server can not get rid of them while it reads.
                let outcome = try await GatewayClient.connected(
                    to: port, configure: { $0.http2.targetWindowSize = 65_535 }
                ) { client in
                    let halfClosed = Gate()
                    return await client.stream(
                        write: { writer in
                            try await writer.write(metadata)
                            for message in messages { try await writer.write(message) }
                            halfClosed.open()
                        }, beforeReading: halfClosed.passed)
                }
                #expect(outcome.error == nil)
                #expect(outcome.responses == batches.map { $0.map(\.id) })
                #expect(try workspace.inspector.status().stored.events == 60_000)
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func tooMuchUnreadEndsTheStream() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest(["GATEWAY_UNREAD_ACKNOWLEDGEMENT_MAXIMUM_BYTES": "64KiB"])
                let port = try await ingest.port()
                // Ids so long that the responses pass every window and limit while the requests fit into the server's
                // window: the client must not be held up by a server that has stopped to read.
                let batches = (0..<36).map { batch in
                    (0..<20).map { number in
                        TestEvent(
                            id: "\(batch)-\(number)-" + String(repeating: "i", count: 1000), number: number, filling: 0)
                    }
                }
                let messages = try [Requests.instance("exporter")] + batches.map(Requests.batch)
                let outcome = try await GatewayClient.connected(
                    to: port, configure: { $0.http2.targetWindowSize = 65_535 }
                ) { client in
                    let halfClosed = Gate()
                    return await client.stream(
                        write: { writer in
                            for message in messages { try await writer.write(message) }
                            halfClosed.open()
                        }, beforeReading: halfClosed.passed)
                }
                #expect(outcome.error?.code == .resourceExhausted)
                #expect(outcome.error?.message.contains("65536") == true)
                // What was answered before was answered in order.
                #expect(outcome.responses.count < batches.count)
                #expect(outcome.responses == batches.prefix(outcome.responses.count).map { $0.map(\.id) })
                let next = try await GatewayClient.connected(to: port) { client in
                    await client.send([messages[0], try Requests.batch(batches[0])])
                }
                #expect(next.error == nil)
                #expect(next.responses == [batches[0].map(\.id)])
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func compressedRequests() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                let events = (0..<500).map { TestEvent(id: "gzip-\($0)", number: $0) }
                var options = GatewayClient.options
                options.compression = .gzip
                let outcome = try await GatewayClient.connected(
                    to: port, configure: { $0.compression.enabledAlgorithms = [.gzip] }
                ) { client in
                    await client.send([try Requests.instance("i"), try Requests.batch(events)], options: options)
                }
                #expect(outcome.error == nil)
                #expect(outcome.responses == [events.map(\.id)])
                #expect(try await ingest.stop() == .code(0))
                let forwarder = try workspace.forwarder()
                try await workspace.drained()
                #expect(try await forwarder.stop() == .code(0))
                #expect(try workspace.delivered.messages().map(\.event) == events.map(\.json))
            }
        }
    }
}
