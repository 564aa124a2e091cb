import Foundation
import Logging
import Runtime
import ServiceLifecycle
import SwiftProtobuf
import TestSupport
import Testing

@testable import Contract
@testable import Ingest

/// The endpoint behind the real HTTP server, over TCP and over a Unix socket.
@Suite(.timeLimit(.minutes(1))) struct HTTPEventsServerTests {
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let headers =
        "Authorization: Bearer t\r\nX-Service-Id: svc\r\nContent-Type: application/x-ndjson\r\n"

    private func withServer(
        _ ingest: FakeIngest, limits: OperationsLimits = OperationsLimits(), overUnixSocket: Bool = false,
        _ test: @escaping @Sendable (RawClient.Place) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "he-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appendingPathComponent("s").path
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let server = OperationsServer(
            address: overUnixSocket ? .unixSocket(path: path) : .tcp(host: "127.0.0.1", port: 0),
            endpoints: OperationsEndpoints(
                registry: PrometheusRegistry(), readiness: { [] }, routes: [ingest.endpoint().route]),
            limits: limits, logger: Self.quiet, onListening: { continuation.yield($0) })
        let group = ProcessRunner.group(services: [server], logger: Self.quiet)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try #require(await ports.first { _ in true })
            do {
                try await test(overUnixSocket ? .unixSocket(path) : .port(port))
            } catch {
                Issue.record(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    @Test(arguments: [false, true]) func eventsArrive(overUnixSocket: Bool) async throws {
        let ingest = FakeIngest()
        try await withServer(ingest, overUnixSocket: overUnixSocket) { place in
            let ids = (0..<2000).map { "event-\($0)" }
            let body = ids.map { lines($0) }.joined()
            let plain = try await RawClient.post("/v1/events", Array(body.utf8), headers: Self.headers, at: place)
            #expect(
                plain.hasPrefix("HTTP/1.1 200 OK\r\n") && plain.contains("\"recorded\":2000"), "\(plain.prefix(300))")

            let gzip = try Gzip.compressed(Array(body.utf8))
            let compressed = try await RawClient.post(
                "/v1/events", gzip, headers: Self.headers + "Content-Encoding: gzip\r\n", at: place)
            #expect(compressed.contains("\"recorded\":2000"), "\(compressed.prefix(300))")

            var chunked = Array(
                "POST /v1/events HTTP/1.1\r\nHost: t\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\(Self.headers)\r\n"
                    .utf8)
            for start in stride(from: 0, to: body.utf8.count, by: 777) {
                let piece = Array(body.utf8)[start..<min(start + 777, body.utf8.count)]
                chunked += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + Array("\r\n".utf8)
            }
            chunked += Array("0\r\n\r\n".utf8)
            let answer = try await RawClient.exchange([chunked], with: place)
            #expect(answer.contains("\"recorded\":2000"), "\(answer.prefix(300))")

            for batch in ingest.batches.values {
                let request = try Telemetrygateway_V1_RecordEventsRequest(serializedBytes: batch.request)
                #expect(request.events.events.map(\.id) == ids)
            }
            #expect(ingest.batches.values.count == 3)
        }
    }

    @Test func refusalsOverTheWire() async throws {
        let ingest = FakeIngest()
        try await withServer(ingest) { place in
            let body = Array(lines("a").utf8)
            let unauthorised = try await RawClient.post(
                "/v1/events", body, headers: "X-Service-Id: svc\r\nContent-Type: application/x-ndjson\r\n", at: place)
            #expect(unauthorised.hasPrefix("HTTP/1.1 401 "))
            #expect(unauthorised.lowercased().contains("\r\nwww-authenticate: bearer realm=\"telemetry gateway\"\r\n"))

            let encoding = try await RawClient.post(
                "/v1/events", body, headers: Self.headers + "Content-Encoding: br\r\n", at: place)
            #expect(
                encoding.hasPrefix("HTTP/1.1 415 ") && encoding.lowercased().contains("accept-encoding: gzip, identity")
            )

            let notGzip = try await RawClient.post(
                "/v1/events", body, headers: Self.headers + "Content-Encoding: gzip\r\n", at: place)
            #expect(notGzip.hasPrefix("HTTP/1.1 400 ") && notGzip.contains("not_gzip"))

            let large = "POST /v1/events HTTP/1.1\r\nHost: t\r\nContent-Length: 16777217\r\n\(Self.headers)\r\n"
            let tooLarge = try await RawClient.exchange([Array(large.utf8)], with: place)
            #expect(tooLarge.hasPrefix("HTTP/1.1 413 ") && tooLarge.contains("body_too_large"))

            // 17 MB of blanks become 17 kB.
            let bomb = try Gzip.compressed([UInt8](repeating: 32, count: 17_000_000))
            let defused = try await RawClient.post(
                "/v1/events", bomb, headers: Self.headers + "Content-Encoding: gzip\r\n", at: place)
            #expect(defused.hasPrefix("HTTP/1.1 413 ") && defused.contains("inflates_too_much"), "\(defused)")

            let got = try await RawClient.exchange(
                [Array("GET /v1/events HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n".utf8)], with: place)
            #expect(got.hasPrefix("HTTP/1.1 405 ") && got.lowercased().contains("\r\nallow: post\r\n"))
            #expect(ingest.batches.values.isEmpty)
        }
    }

    @Test func aSlowSenderIsToldSo() async throws {
        var limits = OperationsLimits()
        limits.requestTime = .seconds(1)
        let ingest = FakeIngest()
        try await withServer(ingest, limits: limits) { place in
            let head = "POST /v1/events HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\(Self.headers)\r\n"
            let answer = try await RawClient.exchange([Array((head + lines("a")).utf8)], with: place)
            #expect(answer.hasPrefix("HTTP/1.1 408 ") && answer.contains("too_slow"), "\(answer)")
            #expect(ingest.batches.values.isEmpty && ingest.refusals.values.map(\.status) == [408])
        }
    }

    /// A sender that is gone in the middle of its body: nothing of it is recorded.
    @Test func halfABodyIsNothing() async throws {
        let ingest = FakeIngest()
        try await withServer(ingest) { place in
            guard case .port(let port) = place else { return }
            let head = "POST /v1/events HTTP/1.1\r\nHost: t\r\nContent-Length: 1000\r\n\(Self.headers)\r\n"
            let descriptor = try RawClient.connected(port: port)
            let bytes = Array((head + lines("a")).utf8)
            #expect(write(descriptor, bytes, bytes.count) == bytes.count)
            close(descriptor)
            // Answered on another connection after the first was closed.
            let other = try await RawClient.get("/livez", port: port)
            #expect(other.hasPrefix("HTTP/1.1 200 "))
        }
        #expect(ingest.batches.values.isEmpty)
    }
}
