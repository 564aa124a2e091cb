import GRPCCore
import Logging
import Runtime
import Testing

@testable import Listening

@Suite(.serialized, .timeLimit(.minutes(2)))
struct ListenerShutdownTests {
    @Test func endsConnectionsOfEveryKind() async throws {
        try await Gateway.run { gateway in
            try await RawClient.run(port: gateway.port) { undecided in
                try await RawClient.run(port: gateway.port) { http1 in
                    try await RawClient.run(port: gateway.port) { http2 in
                        try await undecided.send("PO")
                        try await http1.send("GET /kept HTTP/1.1\r\nhost: x\r\n\r\n")
                        #expect(try await http1.receive(until: "GET /kept\n"))
                        try await http2.send(ConnectionGate.preface + [0, 0, 0, 4, 0, 0, 0, 0, 0])
                        await gateway.observed.wait(for: .opened(.http2))
                        gateway.shutDown()
                        // GOAWAY: type 7, stream 0, last stream 2^31-1, no error. A client that never answers the ping
                        // after it is closed here; maxGraceTime is the transport's.
                        #expect(try await http2.receive(until: "\u{7}\u{0}\u{0}\u{0}\u{0}\u{0}\u{7F}"))
                    }
                    _ = await http1.receiveAll()
                }
                #expect(await undecided.receiveAll() == "")
            }
        }
    }

    @Test func finishesTheRequestInHandFirst() async throws {
        var limits = Gateway.shortLimits
        limits.quiesceQuietTime = .seconds(2)
        try await Gateway.run(limits: limits) { gateway in
            try await RawClient.run(port: gateway.port) { client in
                try await client.send("POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n01234")
                #expect(try await client.receive(until: "01234"))
                gateway.shutDown()
                try await client.send("56789")
                #expect(await client.receiveAll().contains("56789"))
            }
        }
    }

    @Test func saysWhoHasThePort() async throws {
        try await Gateway.run { gateway in
            let second = try OnePortListener(
                configuration: ListenerConfiguration(host: "127.0.0.1", port: gateway.port, httpSocketPath: "/x"),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let server = GRPCServerOfTest.make(second)
            do {
                try await server.serve()
                Issue.record("two listeners on one port")
            } catch {
                let failure = ListenFailure.make(error, host: "127.0.0.1", port: gateway.port)
                #expect(failure.code == .addressInUse)
                #expect(
                    failure.message == "cannot listen on 127.0.0.1:\(gateway.port): Address already in use; stop the "
                        + "other process or choose another port (0 for any)")
            }
        }
    }
}
