internal import Metrics

/// The metrics of one source: those of the service that this one replaces, by their names there (reference 1.8).
struct SourceMetrics: Sendable {
    private let streamEvents: Recorder
    private let failedStreamEvents: Recorder
    private let batchEvents: [BatchResult: Recorder]
    private let recorded: [BatchResult: Counter]
    private let refused: [BatchResult: Counter]
    private let unaryRecorded: Counter
    private let unaryFailed: Counter

    init(source: String, factory: any MetricsFactory) {
        let stream = "telemetry-gateway.record_events."
        func lengths(_ name: String, _ labels: [(String, String)]) -> Recorder {
            Recorder(label: stream + name, dimensions: labels + [("source", source)], aggregate: true, factory: factory)
        }
        func counter(_ name: String, _ labels: [(String, String)]) -> Counter {
            Counter(label: name, dimensions: labels + [("source", source)], factory: factory)
        }
        streamEvents = lengths("total_length", [("error", "false")])
        failedStreamEvents = lengths("total_length", [("error", "true")])
        var batches: [BatchResult: Recorder] = [:]
        var recorded: [BatchResult: Counter] = [:]
        var refused: [BatchResult: Counter] = [:]
        for result in BatchResult.allCases {
            batches[result] = lengths("payload_length", [("result", result.rawValue)])
            let processed = stream + "processed_events"
            recorded[result] = counter(processed, [("succeeded", "true"), ("result", result.rawValue)])
            refused[result] = counter(processed, [("succeeded", "false"), ("result", result.rawValue)])
        }
        batchEvents = batches
        self.recorded = recorded
        self.refused = refused
        unaryRecorded = counter("telemetry-gateway.record_event.processed_events", [("error", "false")])
        unaryFailed = counter("telemetry-gateway.record_event.processed_events", [("error", "true")])
    }

    /// A stream has ended.
    func streamEnded(events: Int, failed: Bool) {
        (failed ? failedStreamEvents : streamEvents).record(events)
    }

    /// A batch is durable and answered.
    /// - Parameters:
    ///   - recorded: events stored now or before.
    ///   - refused: events in quarantine.
    func batchEnded(recorded: Int, refused: Int) {
        let result = BatchResult(recorded: recorded, refused: refused)
        batchEvents[result]?.record(recorded + refused)
        self.recorded[result]?.increment(by: recorded)
        self.refused[result]?.increment(by: refused)
    }

    /// A call with one event is answered.
    func unaryEnded(failed: Bool) {
        (failed ? unaryFailed : unaryRecorded).increment()
    }
}
