import Foundation
import GRPCCore
import Listening
import Logging
import Runtime

/// A listener with a gRPC echo service and a web server behind it, for the time of a test.
struct Gateway: Sendable {
    let port: Int
    let observed: Observed
    let listener: OnePortListener
    /// A directory of the test's own.
    let directory: URL
    /// Begins the graceful shutdown; `run` waits for its end in any case.
    let shutDown: @Sendable () -> Void

    /// Limits that a test can wait for.
    static var shortLimits: ListenerLimits {
        var limits = ListenerLimits()
        // Not short: on a busy machine a test may need long to say something.
        limits.firstBytesTime = .seconds(50)
        limits.handshakeTime = .seconds(50)
        limits.slowSenderTime = .seconds(50)
        limits.quiesceQuietTime = .milliseconds(50)
        limits.quiesceTime = .seconds(20)
        limits.lingerTime = .milliseconds(200)
        return limits
    }

    /// Serves while `body` runs, then shuts down gracefully; returns only if every connection then ends.
    static func run<Result: Sendable>(
        limits: ListenerLimits = shortLimits, security: (@Sendable (URL) async throws -> ListenerSecurity)? = nil,
        webServer: Bool = true, _ body: @Sendable @escaping (Gateway) async throws -> Result
    ) async throws -> Result {
        let directory = FileManager.default.temporaryDirectory.appending(
            path: "listening-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let observed = Observed()
        let socket = directory.appending(path: "http").path
        let web = webServer ? try await WebServer(path: socket, observed: observed) : nil
        let (ports, bound) = AsyncStream.makeStream(of: Int.self)
        let listener = try OnePortListener(
            configuration: ListenerConfiguration(
                host: "127.0.0.1", port: 0, httpSocketPath: socket, security: try await security?(directory),
                limits: limits),
            observer: observed.observer, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            onListening: { bound.yield($0) })
        let server = GRPCServerOfTest.make(listener)
        let result = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.serve() }
            guard let port = await ports.first(where: { _ in true }) else { throw CancellationError() }
            let gateway = Gateway(
                port: port, observed: observed, listener: listener, directory: directory,
                shutDown: { server.beginGracefulShutdown() })
            let outcome: Swift.Result<Result, any Error>
            do { outcome = .success(try await body(gateway)) } catch { outcome = .failure(error) }
            server.beginGracefulShutdown()
            try await group.waitForAll()
            return try outcome.get()
        }
        try await web?.stop()
        return result
    }
}
