import Foundation
import Glibc
import Logging
import ServiceLifecycle
import Synchronization
import TestSupport
import Testing

@testable import Runtime

struct OperationsTests {
    private final class Readiness: Sendable {
        let problems = Mutex<[ReadinessProblem]>([])
    }

    private func endpoints(_ readiness: Readiness = Readiness()) -> OperationsEndpoints {
        let registry = PrometheusRegistry()
        return OperationsEndpoints(
            registry: registry, readiness: { readiness.problems.withLock { $0 } },
            routes: [.health(guard: DiagnosticsGuard(secret: "s")) { nil }])
    }

    @Test func theEndpointsAnswer() async {
        let endpoints = endpoints()
        let live = await endpoints.respond(to: OperationsRequest(method: "GET", path: "/livez"))
        #expect(live == OperationsResponse(status: 200, contentType: "text/plain; charset=utf-8", body: "ok"))
        let version = await endpoints.respond(to: OperationsRequest(method: "GET", path: "/-/version"))
        #expect(version.text == GatewayVersion.current)
        let missing = await endpoints.respond(to: OperationsRequest(method: "GET", path: "/nothing\""))
        #expect(missing.status == 404)
        #expect(missing.contentType == "application/problem+json")
        #expect(
            missing.text
                == #"{"type":"about:blank","title":"Not Found","status":404,"detail":"no such endpoint: /nothing\"","#
                + #""code":"not_found"}"# + "\n")
        let posted = await endpoints.respond(to: OperationsRequest(method: "POST", path: "/livez"))
        #expect(posted.status == 405 && posted.headers["Allow"] == "GET, HEAD")
        let head = await endpoints.respond(to: OperationsRequest(method: "HEAD", path: "/livez"))
        #expect(head.status == 200)
    }

    @Test(arguments: [
        ([], 401, "unauthorized"), ([""], 401, "unauthorized"), (["Bearer s"], 200, "healthz: ok"),
        (["bEARER s"], 200, "healthz: ok"), (["Bearer t"], 401, "unauthorized"),
        (["Bearer ss"], 401, "unauthorized"), (["Bearer "], 401, "unauthorized"), (["Bearer  s"], 401, "unauthorized"),
        (["Bearer"], 400, "token type missing in Authorization header"),
        (["Basic s"], 400, "invalid token type in Authorization header: use Bearer"),
        (["Bearer s", "Bearer s"], 400, "more than one Authorization header"),
    ]) func healthIsForThoseWhoKnowTheSecret(authorization: [String], status: Int, body: String) async {
        let request = OperationsRequest(
            method: "GET", path: "/-/healthz",
            headers: OperationsHeaders(authorization.map { ("Authorization", $0) }))
        let answer = await endpoints().respond(to: request)
        #expect(answer.status == status && answer.text == body)
        #expect(answer.headers["WWW-Authenticate"] == (status == 401 ? "Bearer" : nil))
    }

    @Test func healthNamesTheProblem() async {
        let request = OperationsRequest(method: "GET", path: "/-/healthz")
        for secret in [nil, ""] {
            let route = OperationsRoute.health(guard: DiagnosticsGuard(secret: secret)) { "the spool is full" }
            let answer = await route.respond(request)
            #expect(answer.status == 500 && answer.text == "healthz: the spool is full")
        }
    }

    @Test(arguments: [
        ("gzip", 200), ("GZIP", 200), ("identity", 200), (" identity , gzip ", 200), ("", 200), ("br", 415),
        ("deflate", 415), ("gzip, gzip", 415), ("x-gzip", 415),
    ]) func onlyGzipIsDecompressed(encoding: String, status: Int) async {
        let route = OperationsRoute.post("/p") { _ in
            OperationsResponse(status: 200, contentType: OperationsResponse.plain, body: "")
        }
        let endpoints = OperationsEndpoints(registry: PrometheusRegistry(), readiness: { [] }, routes: [route])
        #expect(endpoints.readsBodies)
        let answer = await endpoints.respond(
            to: OperationsRequest(
                method: "POST", path: "/p", headers: OperationsHeaders([("Content-Encoding", encoding)])))
        #expect(answer.status == status)
        #expect(answer.headers["Accept-Encoding"] == (status == 415 ? "gzip, identity" : nil))
        let got = await endpoints.respond(to: OperationsRequest(method: "GET", path: "/p"))
        #expect(got.status == 405 && got.headers["Allow"] == "POST")
    }

    @Test func readinessNamesTheFailingChecks() async {
        let readiness = Readiness()
        let endpoints = endpoints(readiness)
        let request = OperationsRequest(method: "GET", path: "/readyz")
        #expect(await endpoints.respond(to: request).text == "{\"ready\":true,\"problems\":[]}\n")
        readiness.problems.withLock {
            $0 = [ReadinessProblem(check: "spool", message: "disk full"), ReadinessProblem(check: "b", message: "c")]
        }
        let response = await endpoints.respond(to: request)
        #expect(response.status == 503)
        #expect(
            response.text
                == #"{"ready":false,"problems":[{"check":"spool","message":"disk full"},{"check":"b","message":"c"}]}"#
                + "\n")
    }

    @Test(.timeLimit(.minutes(1))) func theServerServesAndStopsGracefully() async throws {
        let readiness = Readiness()
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let server = OperationsServer(
            address: .tcp(host: "127.0.0.1", port: 0), endpoints: endpoints(readiness),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, onListening: { continuation.yield($0) })
        let group = ProcessRunner.group(
            services: [server], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        // Awaited at the end of the task group.
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try #require(await ports.first { _ in true })
            #expect(port > 0)

            let ready = try await RawClient.get("/readyz", port: port)
            #expect(ready.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(ready.hasSuffix("{\"ready\":true,\"problems\":[]}\n"))
            readiness.problems.withLock { $0 = [ReadinessProblem(check: "draining", message: "stopping")] }
            let unready = try await RawClient.get("/readyz", port: port)
            #expect(unready.hasPrefix("HTTP/1.1 503 "))
            let lowercased = try await RawClient.get("/metrics?x=1", port: port).lowercased()
            #expect(lowercased.contains("content-type: text/plain; version=0.0.4"))
            let head = try await RawClient.get("/livez", port: port, method: "HEAD")
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.hasSuffix("\r\n\r\n"))
            #expect(try await RawClient.get("/nothing", port: port).hasPrefix("HTTP/1.1 404 "))

            await #expect(throws: RuntimeFailure.self) {
                let second = OperationsServer(
                    address: .tcp(host: "127.0.0.1", port: port), endpoints: endpoints(),
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
                do {
                    try await second.run()
                } catch let error as RuntimeFailure {
                    #expect(error.code == .addressInUse)
                    #expect(error.exitCode == .unavailable)
                    #expect(error.message.contains("127.0.0.1:\(port)"))
                    throw error
                }
            }

            // A connection that says nothing must not hold up the shutdown.
            let silent = try RawClient.connected(port: port)
            defer { close(silent) }
            let begin = ContinuousClock.now
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            #expect(ContinuousClock.now - begin < ProcessRunner.maximumGracefulShutdownDuration)
        }
    }

    @Test(.timeLimit(.minutes(1))) func theErrorOfAServiceEndsTheGroup() async {
        struct Failing: Service {
            func run() async throws { throw RuntimeFailure(code: .unreadable, message: "gone") }
        }
        struct Waiting: Service {
            func run() async throws { try await gracefulShutdown() }
        }
        let group = ProcessRunner.group(
            services: [Waiting(), Failing()], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await #expect(throws: RuntimeFailure(code: .unreadable, message: "gone")) { try await group.run() }
    }

    @Test(.timeLimit(.minutes(1))) func theServerListensOnAUnixSocket() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
            "rt-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appendingPathComponent("s").path
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = OperationsServer(
            address: .unixSocket(path: path), endpoints: endpoints(), logger: logger,
            onListening: { continuation.yield($0) })
        let group = ProcessRunner.group(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            #expect(await ports.first { _ in true } == 0)
            #expect(FileManager.default.fileExists(atPath: path))
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
