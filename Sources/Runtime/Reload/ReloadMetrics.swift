internal import Metrics

/// What is counted of reloads.
struct ReloadMetrics: Sendable {
    private let reloads: Counter
    private let failures: Counter
    private let at: Gauge
    private let succeeded: Gauge

    init(registry: PrometheusRegistry) {
        for (name, help) in [
            ("gateway_reloads", "How often the configuration was read again."),
            ("gateway_reload_failures", "How often it was refused, or not wholly put in force."),
            (
                "gateway_last_reload_timestamp_seconds",
                "When the configuration was last read, at the start included, in seconds since 1970."
            ),
            ("gateway_last_reload_successful", "1 when the configuration that was read last is in force, else 0."),
        ] { MetricDescriptions.shared.describe(name, help: help) }
        reloads = Counter(label: "gateway_reloads", factory: registry)
        failures = Counter(label: "gateway_reload_failures", factory: registry)
        at = Gauge(label: "gateway_last_reload_timestamp_seconds", factory: registry)
        succeeded = Gauge(label: "gateway_last_reload_successful", factory: registry)
        at.record(Self.seconds(WallClock.now()))
        succeeded.record(1)
    }

    func record(_ report: ReloadReport) {
        reloads.increment()
        if report.hasFailed { failures.increment() }
        at.record(Self.seconds(report.at))
        succeeded.record(report.hasFailed ? 0 : 1)
    }

    private static func seconds(_ time: Int64) -> Double { Double(time) / 1e9 }
}
