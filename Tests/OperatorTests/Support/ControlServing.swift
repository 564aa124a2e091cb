internal import Forwarder
internal import Logging
internal import Runtime
internal import ServiceLifecycle
internal import Store

/// Runs the real control server of a spool while something is done.
enum ControlServing {
    static func serve(
        _ commands: any ForwarderCommands, at layout: SpoolLayout, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let (listening, continuation) = AsyncStream.makeStream(of: Void.self)
        let server = ForwarderControlServer(
            layout: layout, commands: commands, logger: logger, onListening: { continuation.finish() })
        let group = ProcessRunner.group(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await _ in listening {}
            do {
                try await body()
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
