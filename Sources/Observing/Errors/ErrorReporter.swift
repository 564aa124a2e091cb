internal import CoreMetrics
internal import Logging
internal import Runtime
internal import Synchronization
internal import Transfer

/// Tells a Sentry-compatible receiver of errors, each kind once in a while and with the number of those left out.
final class ErrorReporter: Sendable {
    private let groups: Mutex<ErrorGroups>
    private let outbox: Outbox<ErrorReport>
    private let suppressed: Counter

    init(
        _ settings: ErrorSettings, process: String, exchange: @escaping HTTPExchange, factory: any MetricsFactory,
        logger: Logger
    ) {
        let name = "gateway_error_events"
        MetricDescriptions.shared.describe(name, help: "Errors for the receiver of SENTRY_DSN, by what became of them.")
        groups = Mutex(ErrorGroups(interval: settings.interval))
        suppressed = Counter(label: name, dimensions: [("outcome", "suppressed")], factory: factory)
        let sending = SentrySending(settings, process: process, exchange: exchange, logger: logger)
        outbox = Outbox(limits: settings.limits, counter: name, factory: factory) { await sending.send($0) }
    }

    /// Errors that there was no time for at the end.
    var unsentCount: Int { outbox.unsentCount }

    /// Notes an error. Never blocks.
    func note(_ record: ErrorLogRecord) {
        if let report = groups.withLock({ $0.add(record, now: WallClock.monotonic()) }) {
            outbox.add(report)
        } else {
            suppressed.increment()
        }
    }

    /// Sends until ``finish(until:)``.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.lookInterval)
                    self.addDue(all: false)
                }
            }
            await outbox.run()
            group.cancelAll()
        }
    }

    /// Nothing is noted any more: what waits is sent, if that takes no longer than to a moment (monotonic nanoseconds).
    func finish(until moment: Int64) {
        addDue(all: true)
        outbox.finish(until: moment)
    }

    private func addDue(all: Bool) {
        for report in groups.withLock({ $0.due(now: WallClock.monotonic(), all: all) }) { outbox.add(report) }
    }

    private static let lookInterval = Duration.seconds(5)
}
