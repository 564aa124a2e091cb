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

    private let configuration: ForwarderConfiguration
    private let logger: Logger

    /// Prepares a process; nothing runs yet.
    package init(configuration: ForwarderConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Runs until SIGTERM or SIGINT.
    /// - Parameter additions: what the executable adds on the port.
    /// - Throws: `StoreError` when spool or ledger can not be used, `DestinationConfigurationError` when a destination
    ///   can not, `RuntimeFailure` when the port can not.
    package func run(
        adding additions: (ForwarderParts) throws -> ForwarderParts.Additions = { _ in ForwarderParts.Additions() }
    ) async throws {
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
        let space = try configuration.retention.spool.limits(
            fileSystemBytes: FileSystemSpace.measured(layout.root).totalBytes)
        let control = try ForwarderControl(
            ledger: ledger, layout: layout, destinations: destinations.map(\.name),
            limits: SpoolLimits(quotaBytes: space.quotaBytes, reserveBytes: space.reserveBytes),
            bounds: configuration.delivery.deadLetters, registry: registry, logger: logger)
        try await ledger.publish(
            ForwarderLimits(
                quotaBytes: space.quotaBytes, reserveBytes: space.reserveBytes,
                deadLetters: configuration.delivery.deadLetters))
        let workers = try await makeWorkers(
            destinations, reader: reader, ledger: ledger, board: control.board, registry: registry,
            tracer: tracer)
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
        try await ProcessRunner.run(services: [server] + control.services + added.services + workers, logger: logger)
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
        registry: PrometheusRegistry, tracer: Tracer
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
        let policy = try configuration.retention.policy(
            fileSystemBytes: FileSystemSpace.measured(layout.root).totalBytes)
        var workers: [any Service] = [
            RetentionWatch(
                retirement: retirement, policy: policy, survey: try SpaceSurvey(layout: layout),
                now: { WallClock.now() }, logger: logger)
        ]
        for (destination, identifier) in zip(destinations, identifiers) {
            workers += makeWorkers(
                destination, identifier, reader: reader, ledger: ledger, retirement: retirement, board: board,
                registry: registry, receipts: receipts, tracer: tracer)
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
        tracer: Tracer
    ) -> [any Service] {
        let metrics = DeliveryMetrics(destination: destination.name, registry: registry)
        let limits = configuration.delivery.limits(
            maximumInFlight: destination.limits.maximumInFlight,
            maximumAge: configuration.retention.maximumAge.map { Int64($0 / .nanoseconds(1)) })
        return [
            ReplayWorker(
                destination: destination, identifier: identifier, reader: reader, ledger: ledger, metrics: metrics,
                logger: logger),
            DestinationWorker(
                destination: destination, identifier: identifier, reader: reader, ledger: ledger,
                retirement: retirement, metrics: metrics, limits: limits, board: board,
                spans: DeliverySpans(tracer: tracer, destination: destination.name), logger: logger,
                receipts: receipts),
        ]
    }
}
