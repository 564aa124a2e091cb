import Foundation
import Testing

@testable import Listening

@Suite(.serialized, .timeLimit(.minutes(2)))
struct ListenerLimitsTests {
    @Test func closesConnectionsBeyondTheLimitAndTakesNewOnesLater() async throws {
        var limits = Gateway.shortLimits
        limits.connections = 2
        try await Gateway.run(limits: limits) { gateway in
            try await RawClient.run(port: gateway.port) { first in
                try await RawClient.run(port: gateway.port) { second in
                    for client in [first, second] { try await client.send("GET /a HTTP/1.1\r\nhost: x\r\n\r\n") }
                    await gateway.observed.wait(for: .opened(.http1), count: 2)
                    try await RawClient.run(port: gateway.port) { third in
                        #expect(await third.receiveAll() == "")
                    }
                    await gateway.observed.wait(for: .refused(.connectionLimit))
                    #expect(try await second.receive(until: "GET /a\n"))
                }
                #expect(try await first.receive(until: "GET /a\n"))
            }
            await gateway.observed.wait(for: .closed(.http1), count: 2)
            try await RawClient.run(port: gateway.port) { client in
                try await client.send("GET /b HTTP/1.1\r\nhost: x\r\n\r\n")
                #expect(try await client.receive(until: "GET /b\n"))
            }
        }
    }

    @Test(arguments: ["", "P", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r", "DELE"])
    func closesAClientThatDoesNotSayWhatItSpeaks(text: String) async throws {
        var limits = Gateway.shortLimits
        limits.firstBytesTime = .milliseconds(100)
        try await Gateway.run(limits: limits) { gateway in
            try await RawClient.run(port: gateway.port) { client in
                if !text.isEmpty { try await client.send(text) }
                #expect(await client.receiveAll() == "")
            }
            #expect(gateway.observed.count(of: .refused(.firstBytesDeadline)) == 1)
        }
    }

    @Test func closesAClientThatDribbles() async throws {
        var limits = Gateway.shortLimits
        limits.slowSenderTime = .milliseconds(100)
        limits.slowSenderBytesPerSecond = 1_000_000_000
        try await Gateway.run(limits: limits) { gateway in
            try await RawClient.run(port: gateway.port) { client in
                try await client.send("GET /x HTTP/1.1\r\nx: ")
                // A header that never ends. The server's closing is what ends the loop.
                await #expect(throws: (any Error).self) {
                    while true { try await client.send("a") }
                }
            }
            #expect(gateway.observed.count(of: .refused(.slowSender)) == 1)
        }
    }

    @Test func closesAConnectionWhereNothingMoves() async throws {
        var limits = Gateway.shortLimits
        limits.idleTime = .milliseconds(100)
        try await Gateway.run(limits: limits) { gateway in
            try await RawClient.run(port: gateway.port) { client in
                try await client.send("GET /silent HTTP/1.1\r\nhost: x\r\n\r\n")
                #expect(await client.receiveAll() == "")
            }
            #expect(gateway.observed.count(of: .refused(.idle)) == 1)
        }
    }

    @Test(.enabled(if: Tool.exists("curl"))) func resetsAnHTTP2RequestWhereNothingMoves() async throws {
        var limits = Gateway.shortLimits
        limits.idleTime = .milliseconds(100)
        try await Gateway.run(limits: limits) { gateway in
            let outcome = try await Tool.curl("--http2-prior-knowledge", "http://127.0.0.1:\(gateway.port)/silent")
            #expect(outcome.status != 0)
            #expect(outcome.status != 28)
            #expect(gateway.observed.count(of: .refused(.idle)) == 1)
        }
    }

    @Test(arguments: [
        ([0x16, 0x03, 0x01, 0x02, 0x00] as [UInt8], ListenerRefusal.tlsOnPlaintext),
        ([0, 0, 0, 0], .notHTTP), (Array("ssh-hello\r\n".utf8), .notHTTP),
    ])
    func closesOnBytesThatAreNotHTTP(bytes: [UInt8], reason: ListenerRefusal) async throws {
        try await Gateway.run { gateway in
            try await RawClient.run(port: gateway.port) { client in
                try await client.send(bytes)
                #expect(await client.receiveAll() == "")
            }
            #expect(gateway.observed.count(of: .refused(reason)) == 1)
        }
    }
}
