internal import Foundation
internal import GRPCCore
internal import Testing

extension SystemTests {
    /// SIGTERM loses nothing, and nobody waits for long.
    @Suite(.serialized) struct GracefulStop {
        @Test func ingestUnderLoad() async throws {
            try await Workspace.run { workspace in
                let record = AcknowledgementRecord()
                let ingest = try workspace.ingest()
                let load = Load(name: "stop", record: record)
                record.after(responses: 150) { ingest.signal(SIGTERM) }
                let outcomes = await load.run(port: try await ingest.port())
                #expect(try await ingest.exit() == .code(0))
                #expect(outcomes.count == Load.clients)
                for outcome in outcomes {
                    #expect(outcome.error?.code == .unavailable, "\(String(describing: outcome.error))")
                }
                #expect(record.acknowledged.count >= 150 * Load.batchEvents)
                let forwarder = try workspace.forwarder()
                try await workspace.drained()
                #expect(try await forwarder.stop() == .code(0))
                let check = try DeliveryCheck(workspace.delivered, record)
                check.expectNothingLost("graceful stop")
                #expect(check.duplicates == 0)
                // Every batch that became durable was answered before the end.
                #expect(check.unacknowledged == 0)
            }
        }

        @Test func ingestWithAnIdleStream() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                let events = (0..<3).map { TestEvent(id: "idle-\($0)", number: $0) }
                let batch = try Requests.batch(events)
                let metadata = try Requests.instance("i")
                let (ended, end) = AsyncStream.makeStream(of: Void.self)
                let clock = ContinuousClock()
                let start = clock.now
                let outcome = try await GatewayClient.connected(to: port) { client in
                    await client.stream(
                        write: { writer in
                            try await writer.write(metadata)
                            try await writer.write(batch)
                            for await _ in ended {}
                        }, acknowledged: { _ in ingest.signal(SIGTERM) }, ended: end.finish)
                }
                #expect(outcome.responses == [events.map(\.id)])
                #expect(outcome.error != nil)
                #expect(try await ingest.exit() == .code(0))
                // The grace time of connections is 5 s, that of the process 15 s.
                #expect(clock.now - start < .seconds(15))
            }
        }

        @Test(arguments: [false, true])
        func ingestWithASilentClient(hasOpenStream: Bool) async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                // Takes no notice of the GOAWAY that asks it to end.
                let connection = try await blocking {
                    Result {
                        let connection = try RawConnection(port: port)
                        if hasOpenStream { connection.open(stream: 1) }
                        connection.ping()
                        guard connection.flush(), connection.waitForPong() else { throw HarnessError("no connection") }
                        return connection
                    }
                }.get()
                let start = ContinuousClock.now
                #expect(try await ingest.stop() == .code(0))
                print("stop with a silent client: \(ContinuousClock.now - start)")
                // Clients get 3 s to answer and 5 s of grace; services are cancelled after 15 s.
                #expect(ContinuousClock.now - start < .seconds(13))
                connection.ping()
                #expect(!connection.flush() || !connection.waitForPong(), "the connection is closed")
            }
        }

        @Test func forwarderUnderLoadRestartsWithoutDuplicates() async throws {
            try await Workspace.run { workspace in
                let record = AcknowledgementRecord()
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                let load = Load(name: "restart", record: record, allowance: 0)
                var forwarder = try workspace.forwarder()
                _ = try await forwarder.port()
                async let outcomes = load.run(port: port)
                for _ in 0..<3 {
                    let (reached, reach) = AsyncStream.makeStream(of: Void.self)
                    record.after(responses: 60, reach.finish)
                    load.allow(120)
                    for await _ in reached {}
                    #expect(try await forwarder.stop() == .code(0))
                    forwarder = try workspace.forwarder()
                    _ = try await forwarder.port()
                }
                load.stop()
                for outcome in await outcomes { #expect(outcome.error == nil) }
                #expect(try await ingest.stop() == .code(0))
                try await workspace.drained()
                #expect(try await forwarder.stop() == .code(0))
                let check = try DeliveryCheck(workspace.delivered, record)
                check.expectNothingLost("forwarder stopped and started")
                #expect(check.duplicates == 0)
                #expect(check.delivered == record.sent.count)
            }
        }
    }
}
