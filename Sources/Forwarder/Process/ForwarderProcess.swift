package import Logging
internal import Metrics
internal import Observing
internal import Planning
package import Runtime
internal import ServiceLifecycle
internal import Store
internal import Synchronization
internal import Transfer

/// `telemetry-forwarder`, put together.
package struct ForwarderProcess: Sendable {
    /// The name of the executable.
    package static let name = "telemetry-forwarder"

    /// The command line of the process.
    package static let command = ProcessCommand(
        name: name,
        purpose: "Drains the spool to the configured destinations and removes what every one of them has.",
        configure: { ForwarderConfiguration(&$0) })

    private let start: ProcessStart<ForwarderConfiguration>
    private let level: SharedLogLevel
    private let logger: Logger

    private var configuration: ForwarderConfiguration { start.configuration }
    private var preflight: StartPreflight {
        StartPreflight(
            process: "forwarder", layout: SpoolLayout(root: configuration.spoolDirectory),
            settings: configuration.preflight, logger: logger)
    }

    /// Prepares a process; nothing runs yet.
    /// - Parameter level: the log level of the process, which a reload may change.
    package init(start: ProcessStart<ForwarderConfiguration>, level: SharedLogLevel, logger: Logger) {
        self.start = start
        self.level = level
        self.logger = logger
    }

    /// Runs until SIGTERM or SIGINT.
    /// - Parameter additions: what the executable adds on the port.
    /// - Throws: `StoreError` when spool or ledger can not be used, `DestinationConfigurationError` when a destination
    ///   can not, `RuntimeFailure` when the port can not.
    package func run(
        adding additions: (ForwarderParts) throws -> ForwarderParts.Additions = { _ in ForwarderParts.Additions() }
    ) async throws {
        try preflight.requireDurability()
        let registry = PrometheusRegistry(process: ProcessMetrics(process: Self.name))
        MetricsSystem.bootstrap(registry)
        try await Observing.run(
            configuration.observing, process: Self.name, factory: registry, logger: logger
        ) { tracer in
            try await deliver(registry, tracer, adding: additions)
        }
        logger.info("stopped")
    }

    private func deliver(
        _ registry: PrometheusRegistry, _ tracer: Tracer,
        adding additions: (ForwarderParts) throws -> ForwarderParts.Additions
    ) async throws {
        let layout = SpoolLayout(root: configuration.spoolDirectory)
        let ledger = try await DeliveryLedger.open(
            layout: layout, now: { WallClock.now() }, deadLetterBounds: configuration.delivery.deadLetters)
        let reader = try SpoolReader(layout: layout)
        let transfers = try CurlTransfers()
        let destinations = try openDestinations(transfers)
        let totalBytes = try FileSystemSpace.measured(layout.root).totalBytes
        let space = try configuration.retention.spool.limits(fileSystemBytes: totalBytes)
        let limits = Reloadable(SpoolLimits(quotaBytes: space.quotaBytes, reserveBytes: space.reserveBytes))
        let retention = Reloadable(try configuration.retention.policy(fileSystemBytes: totalBytes))
        let replayRate = Reloadable(Double(configuration.replayRate))
        let control = try ForwarderControl(
            ledger: ledger, layout: layout, destinations: destinations.map(\.name),
            limits: limits, bounds: configuration.delivery.deadLetters, registry: registry, logger: logger)
        try await ledger.publish(
            ForwarderLimits(
                quotaBytes: space.quotaBytes, reserveBytes: space.reserveBytes,
                deadLetters: configuration.delivery.deadLetters))
        let workers = try await makeWorkers(
            destinations, reader: reader, ledger: ledger, board: control.board, registry: registry,
            retention: retention, replayRate: replayRate, tracer: tracer)
        let pauses = ConfiguredPauses(
            ledger: ledger, board: control.board,
            names: Dictionary(zip(configuration.destinations, destinations.map(\.name))) { first, _ in first },
            logger: logger)
        // Before the workers run: a paused destination gets nothing at all.
        for problem in await pauses.apply(configuration.pausedDestinations) {
            logger.error("a destination is not paused as it should be", metadata: ["error": "\(problem)"])
        }
        let reload = ForwarderReload(
            layout: layout, level: level, retention: retention, limits: limits, replayRate: replayRate, pauses: pauses,
            ledger: ledger, deadLetters: configuration.delivery.deadLetters)
        let reloader = ConfigurationReloader(start: start, plan: reload.plan, registry: registry, logger: logger)
        let reloading: [any Service] = [preflight, await ReloadService(reloader: reloader)]
        let added = try additions(
            ForwarderParts(layout: layout, commands: control.commands, latest: control.latest, logger: logger))
        let server = OperationsServer(
            address: .tcp(host: configuration.host, port: configuration.port),
            endpoints: OperationsEndpoints(registry: registry, readiness: { [] }, routes: added.routes),
            limits: Self.portLimits, logger: logger,
            onListening: { port in
                logger.info(
                    "listening",
                    metadata: [
                        "port": "\(port)", "spool": "\(configuration.spoolDirectory)",
                        "destinations": "\(destinations.map(\.name).joined(separator: ","))",
                    ])
                ReadyLine.write(process: Self.name, port: port)
            })
        let running: [any Service] = control.services(routes: OperationsRoute.reload(reloader)) + added.services
        try await ProcessRunner.run(services: [server] + reloading + running + workers, logger: logger)
        await transfers.shutdown()
        try await ledger.shutdown()
    }

    /// Nobody sends this port anything long.
    private static var portLimits: OperationsLimits {
        var limits = OperationsLimits.standard
        limits.bodyBytes = 1 << 20
        return limits
    }

    private func openDestinations(
        _ transfers: CurlTransfers
    ) throws(DestinationConfigurationError) -> [any Destination] {
        var settings = configuration.destinationSettings
        let log = FileDestinationLog(logger: logger)
        settings.file.observer = { log.record($0) }
        let factory = DestinationFactory(settings: settings)
        var destinations: [any Destination] = []
        for address in configuration.destinations {
            destinations.append(try factory.open(address, transfers: transfers))
        }
        return destinations
    }

    private func makeWorkers(
        _ destinations: [any Destination], reader: SpoolReader, ledger: DeliveryLedger, board: WorkerBoard,
        registry: PrometheusRegistry, retention: Reloadable<RetentionPolicy>, replayRate: Reloadable<Double>,
        tracer: Tracer
    ) async throws -> [any Service] {
        var identifiers: [DestinationID] = []
        for destination in destinations {
            identifiers.append(
                try await ledger.register(destination: destination.name, start: configuration.delivery.start))
        }
        try await ledger.activate(destinations: Set(identifiers))
        let layout = SpoolLayout(root: configuration.spoolDirectory)
        let receipts = try makeReceipts(layout)
        await receipts.removeOrphans()
        let retirement = SegmentRetirement(
            reader: reader, ledger: ledger, destinations: Set(identifiers),
            retainsSegments: configuration.retention.retention > .zero, receipts: receipts, now: { WallClock.now() },
            logger: logger)
        try await retirement.resume()
        var workers: [any Service] = [
            RetentionWatch(
                retirement: retirement, policy: retention, survey: try SpaceSurvey(layout: layout),
                now: { WallClock.now() }, logger: logger)
        ]
        for (destination, identifier) in zip(destinations, identifiers) {
            workers += makeWorkers(
                destination, identifier, reader: reader, ledger: ledger, retirement: retirement, board: board,
                registry: registry, receipts: receipts, replayRate: replayRate, tracer: tracer)
        }
        return workers
    }

    /// Keeps what destinations answer. Nothing depends on it, so its failures are counted and logged now and then.
    private func makeReceipts(_ layout: SpoolLayout) throws(StoreError) -> ReceiptLog {
        MetricDescriptions.shared.describe(
            "gateway_receipt_failures",
            help: "Receipts of deliveries that could not be kept; no event is touched by that.")
        let failures = Counter(label: "gateway_receipt_failures")
        let limiter = SharedLogRateLimiter(interval: Self.receiptFailureInterval)
        return try ReceiptLog(layout: layout) { [logger] error in
            failures.increment()
            guard let suppressed = limiter.suppressed(error.code.description) else { return }
            logger.warning(
                "receipts of deliveries can not be kept; no event is touched by that",
                metadata: ["error": "\(error)", "suppressed": "\(suppressed)"])
        }
    }

    private static let receiptFailureInterval = Duration.seconds(60)

    /// What serves one destination: the worker, and what is sent again.
    private func makeWorkers(
        _ destination: some Destination, _ identifier: DestinationID, reader: SpoolReader, ledger: DeliveryLedger,
        retirement: SegmentRetirement, board: WorkerBoard, registry: PrometheusRegistry, receipts: ReceiptLog,
        replayRate: Reloadable<Double>, tracer: Tracer
    ) -> [any Service] {
        let metrics = DeliveryMetrics(destination: destination.name, registry: registry)
        let limits = configuration.delivery.limits(
            maximumInFlight: destination.limits.maximumInFlight,
            maximumAge: configuration.retention.maximumAge.map { Int64($0 / .nanoseconds(1)) })
        return [
            ReplayWorker(
                destination: destination, identifier: identifier, reader: reader, ledger: ledger, metrics: metrics,
                logger: logger, maximumRate: replayRate),
            DestinationWorker(
                destination: destination, identifier: identifier, reader: reader, ledger: ledger,
                retirement: retirement, metrics: metrics, limits: limits, board: board,
                spans: DeliverySpans(tracer: tracer, destination: destination.name), logger: logger,
                receipts: receipts),
        ]
    }
}
