import Foundation
import Testing

@testable import Listening

@Suite(.serialized, .timeLimit(.minutes(2)))
struct HTTP1OnOnePortTests {
    @Test func keepsConnectionsAndPipelines() async throws {
        try await Gateway.run { gateway in
            try await RawClient.run(port: gateway.port) { client in
                try await client.send(
                    "GET /first HTTP/1.1\r\nhost: x\r\n\r\nGET /second HTTP/1.1\r\nhost: x\r\n\r\n")
                #expect(try await client.receive(until: "GET /first\n"))
                #expect(try await client.receive(until: "GET /second\n"))
                try await client.send("GET /third HTTP/1.1\r\nhost: x\r\n\r\n")
                #expect(try await client.receive(until: "GET /third\n"))
            }
            await gateway.observed.wait(for: .closed(.http1))
            await gateway.observed.wait(for: .upstreamClosed)
            #expect(gateway.observed.count(of: .opened(.http1)) == 1)
            #expect(gateway.observed.count(of: .upstreamClosed) == 1)
        }
    }

    @Test func readsARequestThatComesByteByByte() async throws {
        try await Gateway.run { gateway in
            try await RawClient.run(port: gateway.port) { client in
                for byte in "PUT /slowly HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n".utf8 {
                    try await client.send([byte])
                }
                #expect(try await client.receive(until: "PUT /slowly\n"))
            }
        }
    }

    @Test func answersAClientThatHasClosedItsSendingHalf() async throws {
        try await Gateway.run { gateway in
            try await RawClient.run(port: gateway.port) { client in
                try await client.send("GET /half HTTP/1.1\r\nhost: x\r\n\r\n")
                client.finish()
                #expect(await client.receiveAll().contains("GET /half\n"))
            }
        }
    }

    @Test(.enabled(if: Tool.exists("curl"))) func carriesLargeBodiesBothWays() async throws {
        try await Gateway.run { gateway in
            let file = gateway.directory.appending(path: "body")
            let body = Data((0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            try body.write(to: file)
            let outcome = try await Tool.curl(
                "--http1.1", "--data-binary", "@\(file.path)", "http://127.0.0.1:\(gateway.port)/echo")
            #expect(outcome.output == body)
        }
    }

    @Test func deliversAnAnswerThatComesBeforeTheRequestIsComplete() async throws {
        try await Gateway.run { gateway in
            try await RawClient.run(port: gateway.port) { client in
                try await client.send("POST /early HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n")
                try await client.send([UInt8](repeating: 1, count: 100_000))
                #expect(await client.receiveAll().contains("too large"))
            }
        }
    }

    @Test func closesTheUpstreamOfAClientThatGoesAway() async throws {
        try await Gateway.run { gateway in
            try await RawClient.run(port: gateway.port) { client in
                try await client.send("POST /silent HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n")
                await gateway.observed.wait(for: .requested("/silent"))
            }
            await gateway.observed.wait(for: .upstreamClosed)
        }
    }

    @Test func saysSoWhenTheHTTPServerIsDown() async throws {
        try await Gateway.run(webServer: false) { gateway in
            try await RawClient.run(port: gateway.port) { client in
                try await client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n")
                let answer = await client.receiveAll()
                #expect(answer.hasPrefix("HTTP/1.1 503 "))
                let body = answer.split(separator: "\r\n\r\n").last ?? ""
                #expect(answer.contains("Content-Length: \(body.utf8.count)\r\n"))
            }
            await gateway.observed.wait(for: .refused(.httpUnavailable))
        }
    }
}
