internal import Accounts
internal import Contract
internal import Listening
package import Logging
internal import Metrics
internal import Observing
internal import RPC
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

    private let start: ProcessStart<IngestConfiguration>
    private let level: SharedLogLevel
    private let logger: Logger

    private var configuration: IngestConfiguration { start.configuration }
    private var preflight: StartPreflight {
        StartPreflight(
            process: "ingest", layout: SpoolLayout(root: configuration.spoolDirectory),
            settings: configuration.preflight, logger: logger)
    }

    /// Prepares a process; nothing runs yet.
    /// - Parameter level: the log level of the process, which a reload may change.
    package init(start: ProcessStart<IngestConfiguration>, level: SharedLogLevel, logger: Logger) {
        self.start = start
        self.level = level
        self.logger = logger
    }

    /// Runs until SIGTERM or SIGINT.
    /// - Throws: `StoreError` when the spool can not be used, `RuntimeFailure` when the port can not.
    package func run() async throws {
        announceIdentity()
        try preflight.requireDurability()
        let registry = PrometheusRegistry(process: ProcessMetrics(process: Self.name))
        MetricsSystem.bootstrap(registry)
        try await Observing.run(
            configuration.observing, process: Self.name, factory: registry, logger: logger
        ) { tracer in
            try await serve(registry, tracer)
        }
        logger.info("stopped")
    }

    private func serve(_ registry: PrometheusRegistry, _ tracer: Tracer) async throws {
        let metrics = IngestMetrics(services: configuration.knownServices, factory: registry)
        let admission = Admission(limitBytes: configuration.limits.bytesInFlight)
        let layout = SpoolLayout(root: configuration.spoolDirectory)
        let health = SpoolHealth()
        let space = try openSpace(layout)
        let writer = try SegmentWriter.open(
            layout: layout, limits: segmentLimits(space), duplicates: duplicateDetection,
            now: { WallClock.now() },
            observer: SpoolLog(logger: logger, metrics: metrics, health: health).observer(
                settled: { space.settled($0) }, finished: { admission.release($0) }))
        let watch = try SpaceWatch(layout: layout, space: space, writer: writer, logger: logger)
        await watch.look()
        let transfers = configuration.accounts == nil ? nil : try CurlTransfers()
        let tokens = tokenVerifier(transfers)
        let directory = try SenderDirectory(
            layout: layout, observer: SenderDirectoryLog(logger: logger, factory: registry).observer)
        let journal = CallJournal(metrics: metrics, senders: directory, tracer: tracer, logger: logger)
        let policy = IdentityPolicy(
            allowUnauthenticatedServices: configuration.allowUnauthenticatedServices, tokens: tokens,
            licences: configuration.licences, enforcement: configuration.licenceEnforcement, logger: logger)
        let intake = BatchIntake(writer: writer, admission: admission, space: space)
        let senders = SenderAdmission(policy: policy, limits: configuration.limits)
        let check = SpoolCheck(space: space, writer: writer, health: health, maximumLag: configuration.maximumLag)
        let endpoint = EventsEndpoint(
            EventsRecorder(intake: intake, admission: senders, journal: journal).dependencies,
            limits: configuration.eventsLimits)
        IngestGauges(layout: layout, space: space, admission: admission, journal: journal, endpoint: endpoint)
            .refresh(before: registry)
        let socket = try LocalSocket(path: layout.ingestSocketPath)
        let listener = try makeListener(socket, registry: registry)
        let httpIsListening = ListeningSignal()
        let diagnosticsSecret = Reloadable(configuration.diagnosticsSecret)
        let httpServer = OperationsServer(
            address: .unixSocket(path: socket.path),
            endpoints: OperationsEndpoints(
                registry: registry, readiness: { await check.readiness() },
                routes: [
                    .health(guard: DiagnosticsGuard(secret: diagnosticsSecret.value)) { await check.problem() },
                    endpoint.route,
                ]), limits: configuration.httpLimits, logger: logger,
            onListening: { _ in httpIsListening.signal() })
        let status = HealthStatus()
        let server = IngestServer(
            listener: listener, intake: intake, admission: senders, journal: journal, health: status,
            httpIsListening: httpIsListening)
        let reload = IngestReload(
            layout: layout, level: level, space: space, policy: policy, diagnosticsSecret: diagnosticsSecret,
            certificates: listener.certificateReloader)
        let reloader = ConfigurationReloader(start: start, plan: reload.plan, registry: registry, logger: logger)
        var services: [any Service] = [
            SpoolWriterService(writer: writer), watch, httpServer, await ReloadService(reloader: reloader),
            PrivateSocketServer(
                path: layout.ingestControlPath, routes: OperationsRoute.reload(reloader), logger: logger),
        ]
        if let reloader = listener.certificateReloader {
            ListenerMetrics.refreshExpiry(of: reloader, before: registry)
            services.append(reloader)
        }
        services += [preflight, HealthMonitor(status: status, readiness: { await check.readiness() }), server]
        try await ProcessRunner.run(services: services, logger: logger)
        directory.shutdown()
        await tokens?.shutdown()
        await transfers?.shutdown()
    }

    /// Looks at the spool's disk before anything is written to it.
    private func openSpace(_ layout: SpoolLayout) throws -> SpaceGuard {
        try layout.create()
        return SpaceGuard(
            limits: try SpaceBudget.Limits(configuration.space, layout: layout), monotonic: { WallClock.monotonic() })
    }

    private func segmentLimits(_ space: SpaceGuard) -> SegmentLimits {
        var limits = configuration.segments
        limits.segmentBytes = configuration.space.segmentBytes(limits, quotaBytes: space.status.limits.quotaBytes)
        return limits
    }

    private func makeListener(
        _ socket: LocalSocket, registry: PrometheusRegistry
    ) throws(RuntimeFailure) -> OnePortListener {
        try OnePortListener(
            configuration: ListenerConfiguration(
                host: configuration.host, port: configuration.port, httpSocketPath: socket.path,
                security: configuration.security, limits: configuration.listenerLimits),
            observer: ListenerMetrics(registry: registry).observer, logger: logger,
            onListening: { port in
                logger.info("listening", metadata: ["port": "\(port)", "spool": "\(configuration.spoolDirectory)"])
                ReadyLine.write(process: Self.name, port: port)
            })
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
