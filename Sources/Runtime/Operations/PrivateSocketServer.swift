internal import Glibc
package import Logging
internal import ServiceLifecycle

/// Serves HTTP on a Unix socket that nobody but this process's own user may connect to.
package struct PrivateSocketServer: Service {
    private static let mode: mode_t = 0o600

    private let path: String
    private let routes: [OperationsRoute]
    private let limits: OperationsLimits
    private let logger: Logger
    private let onListening: @Sendable () -> Void

    /// - Parameter onListening: called once requests are taken.
    package init(
        path: String, routes: [OperationsRoute], limits: OperationsLimits = .standard, logger: Logger,
        onListening: @escaping @Sendable () -> Void = {}
    ) {
        self.path = path
        self.routes = routes
        self.limits = limits
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until a graceful shutdown.
    /// - Throws: `RuntimeFailure` when the socket can not be made.
    package func run() async throws {
        // Kept until the end: it is what makes a long path reachable.
        let socket = try LocalSocket(path: path)
        defer { unlink(socket.path) }
        let (onListening, path) = (onListening, path)
        try await OperationsServer(
            address: .unixSocket(path: socket.path),
            endpoints: OperationsEndpoints(registry: PrometheusRegistry(), readiness: { [] }, routes: routes),
            limits: limits, logger: logger,
            onListening: { [logger] _ in
                // Until here the process's umask keeps others out: connecting takes the right to write.
                if chmod(socket.path, Self.mode) != 0 {
                    logger.warning(
                        "the control socket keeps the mode that it was made with",
                        metadata: ["path": "\(path)", "error": "\(ErrorNumber.text(errno))"])
                }
                onListening()
            }
        ).run()
    }
}
