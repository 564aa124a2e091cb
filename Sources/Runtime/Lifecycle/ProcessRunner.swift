package import Logging
package import ServiceLifecycle
package import UnixSignals

/// Runs the services of a process until it is told to stop.
package enum ProcessRunner {
    /// How long services may take to stop gracefully before they are cancelled.
    package static let maximumGracefulShutdownDuration = Duration.seconds(15)
    /// How long cancelled services may take before the process ends the hard way; the spool is crash-safe.
    package static let maximumCancellationDuration = Duration.seconds(60)

    /// Runs all services; SIGTERM and SIGINT stop them gracefully.
    ///
    /// Services start in order and stop one by one in reverse order: put the operations server first and the listeners last.
    /// Each `run()` must return only when it is told to stop. Returns after a graceful stop; throws the first error of a service.
    package static func run(services: [any Service], logger: Logger) async throws {
        try await group(services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger).run()
    }

    /// The group that `run` runs, for those who stop it themselves.
    package static func group(
        services: [any Service], gracefulShutdownSignals: [UnixSignal] = [], logger: Logger
    ) -> ServiceGroup {
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: gracefulShutdownSignals, logger: logger)
        configuration.maximumGracefulShutdownDuration = maximumGracefulShutdownDuration
        configuration.maximumCancellationDuration = maximumCancellationDuration
        return ServiceGroup(configuration: configuration)
    }

    /// The code with which a process ends because of an error.
    package static func exitCode(for error: any Error) -> ExitCode {
        (error as? any ExitCodeConvertible)?.exitCode ?? .software
    }
}
