internal import Contract
package import Logging
package import Runtime
internal import ServiceLifecycle
internal import Store

/// `telemetry-ingest`, put together.
package struct IngestProcess: Sendable {
    /// The name of the executable.
    package static let name = "telemetry-ingest"

    /// The command line of the process.
    package static let command = ProcessCommand(
        name: name,
        purpose: "Takes telemetry events over gRPC, makes them durable in a spool and only then acknowledges them.",
        configure: { IngestConfiguration(&$0) })

    private let configuration: IngestConfiguration
    private let logger: Logger

    /// Prepares a process; nothing runs yet.
    package init(configuration: IngestConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Runs until SIGTERM or SIGINT.
    /// - Throws: `StoreError` when the spool can not be used, `RuntimeFailure` when the port can not.
    package func run() async throws {
        if configuration.allowUnauthenticatedServices {
            logger.warning(
                "managed services are accepted without a token: anybody who reaches this port can send as any service",
                metadata: ["key": "GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES"])
        }
        if let fingerprints = configuration.licences?.fingerprints {
            logger.info(
                "licence keys are verified", metadata: ["public_keys": "\(fingerprints.joined(separator: " "))"])
        }
        let admission = Admission(limitBytes: configuration.limits.bytesInFlight)
        let writer = try SegmentWriter.open(
            layout: SpoolLayout(root: configuration.spoolDirectory), limits: configuration.segments,
            now: { WallClock.now() },
            observer: SpoolLog(logger: logger).observer { admission.release($0) })
        let server = IngestServer(
            configuration: configuration, intake: BatchIntake(writer: writer, admission: admission), logger: logger,
            onListening: { port in
                logger.info("listening", metadata: ["port": "\(port)", "spool": "\(configuration.spoolDirectory)"])
                ReadyLine.write(process: Self.name, port: port)
            })
        try await ProcessRunner.run(services: [SpoolWriterService(writer: writer), server], logger: logger)
        logger.info("stopped")
    }
}
