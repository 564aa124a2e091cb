package import Logging
internal import Metrics
package import Runtime
internal import ServiceLifecycle
package import Store

/// The figures as metrics: read every few seconds on a thread of their own, never because somebody scrapes.
package actor DeliveryGauges: Service {
    /// Pause between two looks.
    package static let interval = Duration.seconds(5)
    /// Looks between two audits: an audit reads more.
    private static let looksPerAudit = 12
    /// A pause is at least this many times as long as the look before it: with a large backlog a look reads a lot.
    private static let pauseFactor = 50
    /// A spool of so many bytes is not looked at right after the start.
    private static let largeBytes: Int64 = 512 << 20
    private static let patience = Duration.seconds(60)

    private let steering: any DeliverySteering
    private let latest: LatestFigures
    private let limits: Reloadable<SpoolLimits>
    private let bounds: DeadLetterBounds
    private let interval: Duration
    private let registry: PrometheusRegistry
    private let logger: Logger
    private let inspector: SpoolInspector
    private let executor: ThreadExecutor
    private var reader: FiguresReader
    private var looks = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - latest: gets the figures.
    ///   - bounds: of the dead letters of each destination.
    /// - Throws: `io` when there is no thread to be had.
    package init(
        layout: SpoolLayout, limits: Reloadable<SpoolLimits>, steering: any DeliverySteering, latest: LatestFigures,
        bounds: DeadLetterBounds, registry: PrometheusRegistry, interval: Duration = DeliveryGauges.interval,
        logger: Logger
    ) throws(StoreError) {
        executor = try ThreadExecutor(name: "figures")
        self.steering = steering
        self.latest = latest
        self.limits = limits
        self.bounds = bounds
        self.interval = interval
        self.registry = registry
        self.logger = logger
        inspector = SpoolInspector(layout: layout)
        reader = FiguresReader(layout: layout, limits: limits.value)
        Self.describe()
    }

    /// Looks again and again until a graceful shutdown.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            let clock = ContinuousClock()
            // After a start with much in the spool the disk is the deliveries' first.
            if self.inspector.isLarge(beyond: Self.largeBytes) { try? await Task.sleep(for: Self.patience) }
            while !Task.isCancelled {
                let duration = await clock.measure { await self.look() }
                try? await Task.sleep(for: max(self.interval, duration * Self.pauseFactor))
            }
        }
    }

    /// Reads the figures once and sets the metrics.
    package func look() async {
        do throws(StoreError) {
            reader.use(limits.value)
            let figures = try reader.read(live: await steering.status())
            latest.set(figures)
            set(figures)
            if looks.isMultiple(of: Self.looksPerAudit) { try audit() }
            looks += 1
        } catch {
            // The gauges keep their values; the next look may find the spool readable.
            logger.warning("the spool's figures can not be read", metadata: ["error": "\(error)"])
        }
    }

    private func audit() throws(StoreError) {
        for row in try inspector.audit(usesSummaries: true).destinations {
            gauge("gateway_audit_difference_events", row.destination).record(row.difference)
        }
    }

    private func set(_ figures: SpoolFigures) {
        gauge("gateway_spool_time_to_full_seconds").record(figures.timeToFull.secondsOrInfinity)
        gauge("gateway_quarantined_events").record(figures.status.quarantinedEvents)
        for destination in figures.destinations {
            let (stored, delivery) = (destination.stored, destination.delivery)
            func set(_ name: String, _ value: Double) { gauge(name, destination.name).record(value) }
            set("gateway_backlog_events", Double(stored.waiting.events))
            set("gateway_backlog_bytes", Double(stored.waiting.payloadBytes))
            let age = stored.oldestWaitingAt.map { Double(max(0, figures.at - $0)) / 1_000_000_000 } ?? 0
            set("gateway_backlog_oldest_age_seconds", age)
            set("gateway_time_to_empty_seconds", destination.timeToEmpty.secondsOrInfinity)
            set("gateway_dead_letters", Double(stored.deadLetters.letters))
            set("gateway_dead_letter_bytes", Double(stored.deadLetters.bytes))
            set("gateway_dead_letter_bound_ratio", stored.deadLetters.fill(bounds, now: figures.at))
            set("gateway_breaker_state", Self.number(of: delivery.breaker))
            set("gateway_delivery_concurrency", delivery.concurrency)
            set("gateway_delivery_requests_in_flight", Double(delivery.inFlight))
            set("gateway_destination_paused", delivery.isPaused ? 1 : 0)
        }
    }

    private func gauge(_ name: String, _ destination: String? = nil) -> Gauge {
        Gauge(label: name, dimensions: destination.map { [("destination", $0)] } ?? [], factory: registry)
    }

    private static func number(of breaker: String) -> Double {
        switch breaker {
        case DestinationState.Breaker.closed.rawValue: 0
        case DestinationState.Breaker.halfOpen.rawValue: 1
        default: 2
        }
    }

    private static func describe() {
        for (name, help) in [
            ("gateway_spool_time_to_full_seconds", "Until the spool is full at the growth of now; +Inf for never."),
            ("gateway_quarantined_events", "Events that ingest could not accept and that are kept."),
            ("gateway_backlog_events", "Events that a destination has not got yet."),
            ("gateway_backlog_bytes", "Payload bytes of the batches with them."),
            ("gateway_backlog_oldest_age_seconds", "Age of the oldest of them; 0 without any."),
            ("gateway_time_to_empty_seconds", "Until none is left at the rates of now; +Inf for never."),
            ("gateway_dead_letters", "Dead letters that are not delivered."),
            ("gateway_dead_letter_bytes", "Bytes of them with their metadata."),
            (
                "gateway_dead_letter_bound_ratio",
                "How near the dead letters are to their nearest bound (count, bytes or age); at 1 the next one pauses delivery."
            ),
            ("gateway_breaker_state", "Circuit breaker: 0 closed, 1 half open, 2 open."),
            ("gateway_delivery_concurrency", "Requests at once that are allowed now."),
            ("gateway_delivery_requests_in_flight", "Requests under way."),
            ("gateway_destination_paused", "1 while an operator has paused the destination."),
            (
                "gateway_audit_difference_events",
                "Accepted events minus all that became of them; anything but 0 is an incident."
            ),
        ] { MetricDescriptions.shared.describe(name, help: help) }
    }
}
