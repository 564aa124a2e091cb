internal import Metrics
internal import Runtime

/// What one destination's worker counts.
struct DeliveryMetrics: Sendable {
    private let destination: String
    private let deliveredEvents: Counter
    private let deliveredBytes: Counter
    private let damagedBatches: Counter
    private let expiredEvents: Counter
    private let replayedEvents: Counter
    private let requestSeconds: Timer
    private let lostEvents: Counter
    /// Bytes of the messages before they are sent, by the name that the service has which this one replaces (reference
    /// 1.8).
    let messageSizes: SharedHistogram

    /// - Parameter registry: the process's registry, or a test's.
    init(destination: String, registry: PrometheusRegistry) {
        self.destination = destination
        let labels = [("destination", destination)]
        deliveredEvents = Counter(label: "gateway_delivered_events_total", dimensions: labels)
        deliveredBytes = Counter(label: "gateway_delivered_bytes_total", dimensions: labels)
        damagedBatches = Counter(label: "gateway_damaged_batches_total", dimensions: labels)
        replayedEvents = Counter(label: "gateway_replayed_events_total", dimensions: labels)
        expiredEvents = Counter(label: "gateway_expired_events_total", dimensions: labels)
        requestSeconds = Timer(label: "gateway_delivery_request_seconds", dimensions: labels)
        MetricDescriptions.shared.describe(
            "events_lost", help: "Events that were acknowledged and are gone. Anything above zero is an incident.")
        lostEvents = Counter(label: "events_lost", dimensions: labels + [("reason", "damaged_batch")])
        let sizes = "telemetry-gateway.pubsub.published_message_size_bytes"
        MetricDescriptions.shared.describe(
            sizes, help: "Bytes of a message as JSON.", buckets: HistogramBuckets.bytes)
        messageSizes = registry.sharedHistogram(sizes, dimensions: labels)
    }

    /// A request was taken.
    func delivered(events: Int, bytes: Int, nanoseconds: Int64) {
        deliveredEvents.increment(by: events)
        deliveredBytes.increment(by: bytes)
        requestSeconds.recordNanoseconds(nanoseconds)
    }

    /// A request was not taken, and why.
    func failed(reason: String) {
        Counter(label: "gateway_failed_requests_total", dimensions: [("destination", destination), ("reason", reason)])
            .increment()
    }

    /// Batches that can not be read.
    /// - Parameter lostEvents: events in them, as far as is known.
    func setAside(batches: Int, lostEvents: Int) {
        damagedBatches.increment(by: batches)
        self.lostEvents.increment(by: lostEvents)
    }

    /// Events have become dead letters, for these reasons.
    func buried(_ reasons: [String]) {
        for reason in reasons {
            Counter(
                label: "gateway_dead_letters_total", dimensions: [("destination", destination), ("reason", reason)]
            )
            .increment()
        }
    }

    /// Events were sent again because an operator wanted it.
    func replayed(_ events: Int) { replayedEvents.increment(by: events) }

    /// Events were too old.
    func expired(_ events: Int) { expiredEvents.increment(by: events) }
}
