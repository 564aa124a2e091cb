internal import Accounts
internal import Contract
package import Logging
internal import Metrics
package import Runtime
internal import ServiceLifecycle
internal import Store
internal import Transfer

/// `telemetry-ingest`, put together.
package struct IngestProcess: Sendable {
    /// The name of the executable.
    package static let name = "telemetry-ingest"

    /// The command line of the process.
    package static let command = ProcessCommand(
        name: name,
        purpose: "Takes telemetry events over gRPC and HTTP, makes them durable in a spool and only then acknowledges "
            + "them.",
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
        announceIdentity()
        let registry = PrometheusRegistry(process: ProcessMetrics(process: Self.name))
        MetricsSystem.bootstrap(registry)
        let metrics = IngestMetrics(services: configuration.knownServices, factory: registry)
        let admission = Admission(limitBytes: configuration.limits.bytesInFlight)
        let layout = SpoolLayout(root: configuration.spoolDirectory)
        let health = SpoolHealth()
        let writer = try SegmentWriter.open(
            layout: layout, limits: configuration.segments, duplicates: duplicateDetection,
            now: { WallClock.now() },
            observer: SpoolLog(logger: logger, metrics: metrics, health: health).observer { admission.release($0) })
        let transfers = configuration.accounts == nil ? nil : try CurlTransfers()
        let tokens = tokenVerifier(transfers)
        let journal = CallJournal(metrics: metrics, logger: logger)
        IngestGauges(layout: layout, admission: admission, journal: journal).refresh(before: registry)
        let server = IngestServer(
            configuration: configuration, intake: BatchIntake(writer: writer, admission: admission),
            policy: IdentityPolicy(
                allowUnauthenticatedServices: configuration.allowUnauthenticatedServices, tokens: tokens,
                licences: configuration.licences, enforcement: configuration.licenceEnforcement, logger: logger),
            journal: journal, logger: logger,
            onListening: { port in
                logger.info("listening", metadata: ["port": "\(port)", "spool": "\(configuration.spoolDirectory)"])
                ReadyLine.write(process: Self.name, port: port)
            })
        try await ProcessRunner.run(services: [SpoolWriterService(writer: writer), server], logger: logger)
        await tokens?.shutdown()
        await transfers?.shutdown()
        logger.info("stopped")
    }

    private var duplicateDetection: DuplicateDetection? {
        guard configuration.duplicateWindow.bytes > 0 else { return nil }
        return DuplicateDetection(
            bytes: configuration.duplicateWindow.bytes, age: configuration.duplicateWindow.age,
            fingerprint: { StoredEventFingerprints.function(of: $0) })
    }

    private func tokenVerifier(_ transfers: CurlTransfers?) -> TokenVerifier? {
        guard let accounts = configuration.accounts, let transfers else { return nil }
        return TokenVerifier(configuration: accounts, transfers: transfers, logger: logger)
    }

    private func announceIdentity() {
        if configuration.allowUnauthenticatedServices {
            logger.warning(
                "managed services are accepted without a token: anybody who reaches this port can send as any service",
                metadata: ["key": "GATEWAY_ALLOW_UNAUTHENTICATED_SERVICES"])
        }
        if let fingerprints = configuration.licences?.fingerprints {
            logger.info(
                "licence keys are verified", metadata: ["public_keys": "\(fingerprints.joined(separator: " "))"])
        }
    }
}
