internal import Contract
internal import Metrics
internal import Runtime
internal import Store

/// What ingest counts. Every series exists from the start, at zero: an alert on a series that is not there never fires.
struct IngestMetrics: Sendable {
    private let sources: [String: SourceMetrics]
    private let other: SourceMetrics
    private let labels: SourceLabels
    private let quarantined: [RefusalReason.Code: Counter]
    private let refusedCalls: [CallRefusal: Counter]
    private let duplicates: Counter
    private let commitSeconds: Timer
    private let commitBatches: Recorder
    private let commitEvents: Recorder
    private let commitBytes: Recorder
    private let failedCommits: Counter
    private let failedBatches: Counter

    /// - Parameters:
    ///   - services: service ids that get a label of their own.
    ///   - factory: the process's registry, or a test's.
    init(services: [String], factory: any MetricsFactory) {
        Self.describe()
        labels = SourceLabels(services: services)
        other = SourceMetrics(source: SourceLabels.other, factory: factory)
        sources = Dictionary(
            labels.all.map { ($0, SourceMetrics(source: $0, factory: factory)) },
            uniquingKeysWith: { first, _ in first })
        quarantined = Dictionary(
            uniqueKeysWithValues: RefusalReason.Code.allCases.map {
                (
                    $0,
                    Counter(
                        label: "gateway_quarantined_events", dimensions: [("reason", $0.rawValue)], factory: factory)
                )
            })
        refusedCalls = Dictionary(
            uniqueKeysWithValues: CallRefusal.allCases.map {
                ($0, Counter(label: "gateway_refused_calls", dimensions: [("reason", $0.rawValue)], factory: factory))
            })
        duplicates = Counter(label: "gateway_duplicate_events", factory: factory)
        commitSeconds = Timer(label: "gateway_commit", factory: factory)
        commitBatches = Recorder(label: "gateway_commit_batches", factory: factory)
        commitEvents = Recorder(label: "gateway_commit_events", factory: factory)
        commitBytes = Recorder(label: "gateway_commit_bytes", factory: factory)
        failedCommits = Counter(label: "gateway_failed_commits", factory: factory)
        failedBatches = Counter(label: "gateway_failed_commit_batches", factory: factory)
        // Nothing that ingest acknowledges can be lost by it; the series is here so that one alert serves both processes.
        _ = Counter(label: "events_lost", dimensions: [("reason", "acknowledged_before_commit")], factory: factory)
    }

    /// The metrics of a sender.
    func source(of identity: Identity?) -> SourceMetrics {
        let label = identity.map { labels.label(of: $0) } ?? SourceLabels.invalid
        return sources[label] ?? other
    }

    /// Events went to quarantine, durably.
    func eventQuarantined(_ reason: RefusalReason.Code) {
        quarantined[reason]?.increment()
    }

    /// A call ended with a refusal.
    func callRefused(_ reason: CallRefusal) {
        refusedCalls[reason]?.increment()
    }

    /// A group is durable.
    func committed(_ commit: GroupCommit) {
        commitSeconds.recordNanoseconds(commit.nanoseconds)
        commitBatches.record(commit.batches)
        commitEvents.record(commit.events)
        commitBytes.record(commit.payloadBytes)
        duplicates.increment(by: commit.duplicates)
    }

    /// A group could not be made durable.
    func commitFailed(batches: Int) {
        failedCommits.increment()
        failedBatches.increment(by: batches)
    }

    private static func describe() {
        let descriptions = MetricDescriptions.shared
        for (name, help) in [
            ("telemetry-gateway.record_events.total_length", "Events in a stream, by how it ended."),
            ("telemetry-gateway.record_events.payload_length", "Events in a batch, by how it ended."),
            ("telemetry-gateway.record_events.processed_events", "Events of streams, recorded or refused."),
            ("telemetry-gateway.record_event.processed_events", "Calls with one event that reached the spool."),
            ("gateway_quarantined_events", "Events that broke a rule and are kept in quarantine, by the first rule."),
            ("gateway_refused_calls", "Calls that were refused as a whole."),
            ("gateway_duplicate_events", "Events that were recorded before and are acknowledged again."),
            ("gateway_commit", "Seconds of a group commit, its fsync included."),
            ("gateway_commit_batches", "Batches in a group commit."),
            ("gateway_commit_events", "Events in a group commit."),
            ("gateway_failed_commits", "Group commits that failed; none of their events was acknowledged."),
            ("gateway_failed_commit_batches", "Batches in them."),
            ("events_lost", "Events that were acknowledged and are gone. Anything above zero is an incident."),
        ] { descriptions.describe(name, help: help) }
        descriptions.describe(
            "gateway_commit_bytes", help: "Payload bytes of a group commit.", buckets: HistogramBuckets.bytes)
    }
}
