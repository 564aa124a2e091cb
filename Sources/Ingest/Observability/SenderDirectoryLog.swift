internal import Logging
internal import Metrics
internal import Runtime
internal import Store

/// How the directory of senders does, as log lines and metrics. Nothing about it touches an event.
struct SenderDirectoryLog: Sendable {
    /// The same failure is logged once in this time.
    static let errorInterval = Duration.seconds(60)

    private let logger: Logger
    private let failures: Counter
    private let dropped: Counter
    private let senders: Gauge

    init(logger: Logger, factory: any MetricsFactory) {
        for (name, help) in [
            ("gateway_senders", "Senders in the directory."),
            (
                "gateway_sender_directory_failures",
                "Writes of the directory of senders that failed; they are tried again."
            ),
            ("gateway_sender_directory_dropped", "Changes of senders that are forgotten, because too many waited."),
        ] { MetricDescriptions.shared.describe(name, help: help) }
        self.logger = logger
        failures = Counter(label: "gateway_sender_directory_failures", factory: factory)
        dropped = Counter(label: "gateway_sender_directory_dropped", factory: factory)
        senders = Gauge(label: "gateway_senders", factory: factory)
    }

    /// An observer for the directory.
    var observer: SenderDirectoryObserver {
        let limiter = SharedLogRateLimiter(interval: Self.errorInterval)
        var observer = SenderDirectoryObserver()
        observer.failed = { error in
            failures.increment()
            guard let suppressed = limiter.suppressed(error.code.description) else { return }
            logger.warning(
                "the directory of senders can not be written; no event is touched by that, and it is tried again",
                metadata: ["error": "\(error)", "suppressed": "\(suppressed)"])
        }
        observer.dropped = { dropped.increment(by: $0) }
        observer.counted = { senders.record($0) }
        observer.setAside = { reason, path in
            logger.warning(
                "the directory of senders could not be used and begins anew",
                metadata: ["error": "\(reason)", "kept_as": "\(path)"])
        }
        return observer
    }
}
