internal import Foundation
internal import GRPCCore
internal import Testing

extension SystemTests {
    /// Whatever a client sends, it gets an answer and the server lives.
    @Suite(.serialized) struct BadRequests {
        /// Sends one good batch: the server is well.
        private func expectService(_ port: Int) async throws {
            let event = TestEvent(id: "well-\(UUID().uuidString)", number: 1)
            let outcome = try await GatewayClient.connected(to: port) { client in
                await client.send([try Requests.instance("i"), try Requests.batch([event])])
            }
            #expect(outcome.error == nil)
            #expect(outcome.responses == [[event.id]])
        }

        @Test func notProtobuf() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                let event = TestEvent(id: "before", number: 1)
                let messages: [[UInt8]] = [
                    Array("GET / HTTP/1.1\r\n".utf8), [0xff], [UInt8](repeating: 0xff, count: 1000),
                    [0x12, 0x02, 0x0f],
                ]
                try await GatewayClient.connected(to: port) { client in
                    for message in messages {
                        let first = await client.send([message])
                        #expect(first.error?.code == .invalidArgument)
                        // What came before on the same stream is durable and answered.
                        let later = await client.send([
                            try Requests.instance("i"), try Requests.batch([event]), message,
                        ])
                        #expect(later.error?.code == .invalidArgument)
                        #expect(later.error?.message.hasPrefix("malformed request: ") == true)
                        #expect(later.responses == [[event.id]])
                    }
                }
                try await expectService(port)
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func truncatedProtobuf() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                let batch = try Requests.batch([TestEvent(id: "cut", number: 1)])
                try await GatewayClient.connected(to: port) { client in
                    for count in [1, 2, 10, batch.count / 2, batch.count - 1] {
                        let outcome = await client.send([try Requests.instance("i"), Array(batch.prefix(count))])
                        #expect(outcome.error?.code == .invalidArgument, "\(count) bytes")
                        #expect(outcome.responses.isEmpty)
                    }
                }
                try await expectService(port)
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func truncatedMessageFrame() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                // The prefix promises 1000 bytes, 10 come, and the stream is half-closed.
                let ended = try await blocking {
                    Result {
                        let connection = try RawConnection(port: port)
                        connection.open(stream: 1)
                        connection.send(
                            [0, 0, 0, 3, 0xe8] + [UInt8](repeating: 0x0a, count: 10), stream: 1, isLast: true)
                        guard connection.flush() else { return false }
                        while let frame = connection.next() {
                            let isEnd = frame.flags & 1 != 0 && frame.type == RawConnection.FrameType.headers
                            if frame.stream == 1, isEnd || frame.type == RawConnection.FrameType.reset { return true }
                        }
                        return false
                    }
                }.get()
                #expect(ended, "the stream must end")
                try await expectService(port)
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func messageBeyondTheLimit() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                let metadata = try Requests.instance("i")
                let message = [UInt8](repeating: 0x0a, count: 91 << 20)
                let outcome = try await GatewayClient.connected(to: port) { await $0.send([metadata, message]) }
                #expect(outcome.error?.code == .resourceExhausted, "\(String(describing: outcome.error))")
                try await expectService(port)
                #expect(try await ingest.stop() == .code(0))
            }
        }

        @Test func abandonedStreams() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                try await expectService(port)
                let before = try memory(of: ingest.pid)
                let total = 100_000
                let opened = try await blocking { Result { try Self.abandon(total, port: port) } }.get()
                #expect(opened.streams >= total)
                try await expectService(port)
                let after = try memory(of: ingest.pid)
                print(
                    "abandoned streams: \(opened.streams) on \(opened.connections) connections; resident memory "
                        + "\(before >> 20) MiB before, \(after >> 20) MiB after")
                #expect(after < 200 << 20, "resident memory")
                #expect(try await ingest.stop() == .code(0))
            }
        }

        /// Half of a connection's streams are reset, the other half are left open when the connection is dropped.
        private static func abandon(_ total: Int, port: Int) throws -> (streams: Int, connections: Int) {
            // Under the limits after which a connection is closed: 128 open streams, 200 resets in 30 s, and what the
            // server counts when it answers on streams that are gone.
            let (reset, left) = (60, 60)
            var (streams, connections) = (0, 0)
            while streams < total {
                let connection = try RawConnection(port: port)
                connections += 1
                for index in 0..<(reset + left) {
                    let stream = UInt32(2 * index + 1)
                    connection.open(stream: stream)
                    if index < reset { connection.reset(stream: stream) }
                }
                connection.ping()
                guard connection.flush(), connection.waitForPong() else {
                    throw HarnessError(
                        "the server closed connection \(connections), which was within its limits: "
                            + (connection.farewell ?? "without a word"))
                }
                streams += reset + left
            }
            return (streams, connections)
        }

        @Test func resetFlood() async throws {
            try await Workspace.run { workspace in
                let ingest = try workspace.ingest()
                let port = try await ingest.port()
                let survived = try await blocking {
                    Result {
                        let connection = try RawConnection(port: port)
                        for index in 0..<5000 {
                            connection.open(stream: UInt32(2 * index + 1))
                            connection.reset(stream: UInt32(2 * index + 1))
                        }
                        connection.ping()
                        return connection.flush() && connection.waitForPong()
                    }
                }.get()
                #expect(!survived, "a connection that does nothing but reset streams is closed")
                try await expectService(port)
                #expect(try await ingest.stop() == .code(0))
            }
        }

        /// Resident memory in bytes.
        private func memory(of pid: pid_t) throws -> Int {
            let pages = try String(contentsOfFile: "/proc/\(pid)/statm", encoding: .utf8).split(separator: " ")
            guard pages.count > 1, let resident = Int(pages[1]) else { throw HarnessError("no statm of \(pid)") }
            return resident * Int(getpagesize())
        }
    }
}
