import Foundation
import Testing

@testable import Listening

/// Requests other than gRPC that come over HTTP/2, from curl.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled(if: Tool.exists("curl")))
struct HTTP2ProxyTests {
    private static func curl(_ gateway: Gateway, _ path: String, _ arguments: String...) async throws -> Tool.Outcome {
        try await Tool.run(
            "curl",
            ["--silent", "--max-time", "20", "--http2-prior-knowledge", "http://127.0.0.1:\(gateway.port)\(path)"]
                + arguments)
    }

    @Test func answersAsTheHTTPServerDoes() async throws {
        try await Gateway.run { gateway in
            let get = try await Self.curl(gateway, "/-/healthz?x=1", "-H", "authorization: Bearer s")
            #expect(get.text.hasPrefix("GET /-/healthz?x=1\n"))
            #expect(get.text.contains("authorization: Bearer s\n"))
            #expect(get.text.contains("host: 127.0.0.1:\(gateway.port)\n"))
            let head = try await Self.curl(gateway, "/a", "--head")
            #expect(head.status == 0)
            #expect(head.text.hasPrefix("HTTP/2 200"))
            let delete = try await Self.curl(gateway, "/b", "-X", "DELETE")
            #expect(delete.text.hasPrefix("DELETE /b\n"))
            await gateway.observed.wait(for: .proxiedStreamClosed, count: 3)
            #expect(gateway.observed.count(of: .opened(.http2)) == 3)
        }
    }

    @Test func carriesLargeBodiesBothWays() async throws {
        try await Gateway.run { gateway in
            let file = gateway.directory.appending(path: "body")
            let body = Data((0..<10_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
            try body.write(to: file)
            let known = try await Self.curl(gateway, "/echo", "--data-binary", "@\(file.path)")
            #expect(known.output == body)
            let streamed = try await Self.curl(
                gateway, "/echo", "-X", "GET", "-H", "content-length:", "--upload-file", file.path)
            #expect(streamed.output == body)
        }
    }

    @Test func deliversAnAnswerThatComesBeforeTheRequestIsComplete() async throws {
        try await Gateway.run { gateway in
            let file = gateway.directory.appending(path: "body")
            try Data(count: 5_000_000).write(to: file)
            let outcome = try await Self.curl(
                gateway, "/early", "--data-binary", "@\(file.path)", "--write-out", "%{http_code}")
            #expect(outcome.text == "too large\n413")
        }
    }

    @Test func neverPassesHalfAnAnswerOffAsAWholeOne() async throws {
        try await Gateway.run { gateway in
            let outcome = try await Self.curl(gateway, "/cut")
            #expect(outcome.status != 0)
        }
    }

    @Test func closesTheUpstreamWhenTheClientResets() async throws {
        try await Gateway.run { gateway in
            let outcome = try await Self.curl(gateway, "/silent", "--max-time", "0.3")
            #expect(outcome.status == 28)
            await gateway.observed.wait(for: .upstreamClosed)
            await gateway.observed.wait(for: .proxiedStreamClosed)
        }
    }

    @Test func boundsRequestsPerConnection() async throws {
        var limits = Gateway.shortLimits
        limits.proxiedStreamsPerConnection = 0
        try await Gateway.run(limits: limits) { gateway in
            let outcome = try await Self.curl(gateway, "/x", "--write-out", "%{http_code}")
            #expect(outcome.text.hasSuffix("503"))
            #expect(gateway.observed.count(of: .refused(.proxiedStreamLimit)) == 1)
            let answers = try await EchoService.call(port: gateway.port, messages: [[1]])
            #expect(answers == [[1]])
        }
    }

    @Test func saysSoWhenTheHTTPServerIsDown() async throws {
        try await Gateway.run(webServer: false) { gateway in
            let outcome = try await Self.curl(gateway, "/x", "--write-out", "%{http_code}")
            #expect(outcome.text == "the HTTP server is not running; retry\n503")
        }
    }
}
