import Foundation
import Glibc
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import Runtime

/// Request bodies over real sockets.
@Suite(.timeLimit(.minutes(1))) struct OperationsBodyTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private static var limits: OperationsLimits {
        var limits = OperationsLimits()
        limits.bodyBytes = 200_000
        limits.inflationAllowance = 20_000
        return limits
    }

    /// Runs a server whose `POST /count` answers with the number of bytes and their first ones.
    private func withServer(
        limits: OperationsLimits = limits, _ test: @escaping @Sendable (RawClient.Place) async throws -> Void
    ) async throws {
        let route = OperationsRoute.post("/count") { request in
            do throws(OperationsBodyError) {
                let bytes = try await request.body.collect(upTo: limits.bodyBytes)
                return OperationsResponse(
                    status: 200, contentType: OperationsResponse.plain,
                    body: "\(bytes.count) bytes of \(String(decoding: bytes.prefix(7), as: UTF8.self))")
            } catch {
                return .problem(error)
            }
        }
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let server = OperationsServer(
            address: .tcp(host: "127.0.0.1", port: 0),
            endpoints: OperationsEndpoints(registry: PrometheusRegistry(), readiness: { [] }, routes: [route]),
            limits: limits, logger: Self.quiet, onListening: { continuation.yield($0) })
        let group = ProcessRunner.group(services: [server], logger: Self.quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try #require(await ports.first { _ in true })
            do {
                try await test(.port(port))
            } catch {
                Issue.record(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test func plainAndCompressedBodies() async throws {
        try await withServer { place in
            let text = (0..<1000).flatMap {
                Array("{\"id\":\"\($0)\",\"feature\":\"cody.completion\",\"action\":\"accepted\"}\n".utf8)
            }
            let plain = try await RawClient.post("/count", text, at: place)
            #expect(plain.hasPrefix("HTTP/1.1 200 OK\r\n") && plain.hasSuffix("\(text.count) bytes of {\"id\":\""))

            let compressed = try Gzip.compressed(text)
            #expect(compressed.count < text.count / 4)
            let gzip = try await RawClient.post("/count", compressed, headers: "Content-Encoding: gzip\r\n", at: place)
            #expect(gzip.hasSuffix("\(text.count) bytes of {\"id\":\""), "\(gzip)")

            // Byte by byte, chunked: the pieces of HTTP are not those of gzip.
            var pieces = [
                "POST /count HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Encoding: gzip\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n"
            ].map { Array($0.utf8) }
            pieces += compressed.map { Array("1\r\n".utf8) + [$0] + Array("\r\n".utf8) }
            pieces.append(Array("0\r\n\r\n".utf8))
            let chunked = try await RawClient.exchange([pieces.flatMap(\.self)], with: place)
            #expect(chunked.hasSuffix("\(text.count) bytes of {\"id\":\""), "\(chunked)")
        }
    }

    @Test func tooMuchIsRefused() async throws {
        try await withServer { place in
            // Declared: answered before anything of it was read, so a client that waits need not send it.
            let declared = try await RawClient.exchange(
                [
                    Array(
                        "POST /count HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 200001\r\n\r\n".utf8
                    )
                ],
                with: place)
            #expect(declared.hasPrefix("HTTP/1.1 413 "), "\(declared)")
            #expect(declared.contains(#""code":"body_too_large""#))

            let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 32, count: 0x10000) + Array("\r\n".utf8)
            let head = Array("POST /count HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
            // Without an end: the answer must not wait for it.
            let streamed = try await RawClient.exchange(
                [head] + [[UInt8]](repeating: chunk, count: 4), with: place)
            #expect(streamed.hasPrefix("HTTP/1.1 413 "), "\(streamed)")
        }
    }

    @Test func bombsAreDefused() async throws {
        try await withServer { place in
            let gzip = "Content-Encoding: gzip\r\n"
            let bomb = try Gzip.compressed([UInt8](repeating: 32, count: 10_000_000))
            let answer = try await RawClient.post("/count", bomb, headers: gzip, at: place)
            #expect(answer.hasPrefix("HTTP/1.1 413 ") && answer.contains("inflates_too_much"), "\(answer)")

            // Small enough to be taken at any ratio.
            let harmless = try Gzip.compressed([UInt8](repeating: 32, count: 20_000))
            #expect(try await RawClient.post("/count", harmless, headers: gzip, at: place).hasPrefix("HTTP/1.1 200 "))

            // Within the ratio, above the size.
            var random = SeededGenerator(seed: 5)
            let bytes = (0..<200_001).map { _ in UInt8(ascii: "a") + UInt8(random.below(16)) }
            let large = try await RawClient.post("/count", try Gzip.compressed(bytes), headers: gzip, at: place)
            #expect(large.hasPrefix("HTTP/1.1 413 ") && large.contains("body_too_large"), "\(large)")
        }
    }

    @Test func whatIsNoGzipIsRefused() async throws {
        try await withServer { place in
            let good = try Gzip.compressed(Array("hello".utf8))
            let bodies = [
                Array("hello".utf8), Array(good.dropLast(9)), Array(good.dropLast(1)), good + [1], good + good, [0x1f],
            ]
            for body in bodies {
                let answer = try await RawClient.post(
                    "/count", body, headers: "Content-Encoding: gzip\r\n", at: place)
                #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains("not_gzip"), "\(body): \(answer)")
            }
        }
    }

    @Test func aSenderThatAsksFirstIsInvited() async throws {
        try await withServer { place in
            let head =
                "POST /count HTTP/1.1\r\nHost: t\r\nConnection: close\r\nExpect: 100-continue\r\n"
                + "Content-Length: 5\r\n\r\n"
            let answer = try await RawClient.exchange(
                [Array(head.utf8), Array("hello".utf8)], with: place, awaitsAnswers: true)
            #expect(answer.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"), "\(answer)")
            #expect(answer.hasSuffix("5 bytes of hello"))
        }
    }

    @Test func slowSendersAreLetGo() async throws {
        var ofHeads = Self.limits
        ofHeads.headerTime = .milliseconds(200)
        try await withServer(limits: ofHeads) { place in
            let silent = try await RawClient.exchange([], with: place)
            #expect(silent.isEmpty)
            let halfHead = try await RawClient.exchange([Array("POST /count HTTP/1.1\r\nHost:".utf8)], with: place)
            #expect(halfHead.isEmpty)
        }
        // Short only where it runs out: on a busy machine the head takes its time to come in, and the answer to go out.
        var ofBodies = Self.limits
        ofBodies.requestTime = .milliseconds(400)
        try await withServer(limits: ofBodies) { place in
            let halfBody = try await RawClient.exchange(
                [Array("POST /count HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhe".utf8)], with: place)
            #expect(halfBody.hasPrefix("HTTP/1.1 408 ") && halfBody.contains("too_slow"), "\(halfBody)")
        }
    }

    @Test func aConnectionServesOneRequestAfterTheOther() async throws {
        try await withServer { place in
            let first = "POST /count HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello"
            let second = "POST /count HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Length: 2\r\n\r\nyo"
            // After the answer, and without waiting for it.
            for awaitsAnswers in [true, false] {
                let answers = try await RawClient.exchange(
                    [Array(first.utf8), Array(second.utf8)], with: place, awaitsAnswers: awaitsAnswers)
                #expect(answers.contains("5 bytes of hello") && answers.hasSuffix("2 bytes of yo"), "\(answers)")
            }
            // A body that nobody reads does not become the next request.
            let ignored = "POST /livez HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello"
            let answers = try await RawClient.exchange(
                [Array(ignored.utf8), Array(second.utf8)], with: place, awaitsAnswers: true)
            #expect(answers.hasPrefix("HTTP/1.1 405 ") && answers.hasSuffix("2 bytes of yo"), "\(answers)")
        }
    }
}
