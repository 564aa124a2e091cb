internal import Logging
internal import Metrics
internal import Runtime
internal import ServiceLifecycle
internal import Store

/// Lets delivered segments go when their time is over or their space is needed: looks again and again.
struct RetentionWatch: Service {
    /// How often it looks.
    static let interval = Duration.seconds(1)
    /// The same failure is logged once in this time.
    private static let errorInterval = Duration.seconds(60)

    private let retirement: SegmentRetirement
    private let policy: Reloadable<RetentionPolicy>
    private let survey: SpaceSurvey
    private let now: @Sendable () -> Int64
    private let logger: Logger
    private let limiter = SharedLogRateLimiter(interval: errorInterval)
    private let retainedSegments = Gauge(label: "gateway_retained_segments")
    private let retainedBytes = Gauge(label: "gateway_retained_bytes")
    private let removed: [RetentionPolicy.Reason: Counter]

    /// - Parameter now: nanoseconds since 1970.
    init(
        retirement: SegmentRetirement, policy: Reloadable<RetentionPolicy>, survey: SpaceSurvey,
        now: @escaping @Sendable () -> Int64,
        logger: Logger
    ) {
        self.retirement = retirement
        self.policy = policy
        self.survey = survey
        self.now = now
        self.logger = logger
        for (name, help) in [
            ("gateway_retained_segments", "Delivered segments that are kept for a replay."),
            ("gateway_retained_bytes", "Bytes on disk of delivered segments that are kept for a replay."),
            ("gateway_removed_segments", "Delivered segments that were kept and are removed, by why."),
        ] { MetricDescriptions.shared.describe(name, help: help) }
        removed = Dictionary(
            uniqueKeysWithValues: RetentionPolicy.Reason.allCases.map {
                ($0, Counter(label: "gateway_removed_segments", dimensions: [("reason", $0.rawValue)]))
            })
    }

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                await look()
                try await Task.sleep(for: Self.interval)
            }
        }
    }

    /// Measures once, and removes what is to go.
    func look() async {
        do throws(StoreError) {
            let measurement = try await survey.measure(askingLedger: false)
            for removal in try await retirement.enforce(policy.value, measurement, now: now()) {
                removed[removal.reason]?.increment()
            }
            let kept = await retirement.retainedUsage
            retainedSegments.record(kept.segments)
            retainedBytes.record(kept.bytes)
        } catch {
            guard let suppressed = limiter.suppressed(error.code.description) else { return }
            logger.error(
                "delivered segments can not be removed yet",
                metadata: ["error": "\(error)", "suppressed": "\(suppressed)"])
        }
    }
}
