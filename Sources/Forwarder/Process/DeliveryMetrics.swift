internal import Metrics

/// What one destination's worker counts.
struct DeliveryMetrics: Sendable {
    private let destination: String
    private let deliveredEvents: Counter
    private let deliveredBytes: Counter
    private let damagedBatches: Counter
    private let keptEvents: Counter
    private let requestSeconds: Timer

    init(destination: String) {
        self.destination = destination
        let labels = [("destination", destination)]
        deliveredEvents = Counter(label: "gateway_delivered_events_total", dimensions: labels)
        deliveredBytes = Counter(label: "gateway_delivered_bytes_total", dimensions: labels)
        damagedBatches = Counter(label: "gateway_damaged_batches_total", dimensions: labels)
        keptEvents = Counter(label: "gateway_unrenderable_events_total", dimensions: labels)
        requestSeconds = Timer(label: "gateway_delivery_request_seconds", dimensions: labels)
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

    /// Batches and events that no destination can take.
    func setAside(batches: Int, events: Int) {
        damagedBatches.increment(by: batches)
        keptEvents.increment(by: events)
    }
}
