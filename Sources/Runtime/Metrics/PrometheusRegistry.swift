package import CoreMetrics
internal import Synchronization

/// The metrics of a process, exported as Prometheus text.
///
/// Names: `.` and `-` become `_`; counters end in `_total` and timers in `_seconds`, added where missing. Making a metric takes a
/// lock and allocates; using one does not allocate. Make each metric once and keep it.
package final class PrometheusRegistry: MetricsFactory, Sendable {
    /// Series per metric unless told otherwise; further label combinations are counted in one series whose labels are all `other`.
    package static let maximumSeriesPerMetric = 1_000
    /// Label value of series beyond the limit.
    package static let overflowLabelValue = "other"

    private struct State {
        var families: [String: MetricFamily] = [:]
        var refreshers: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let descriptions: MetricDescriptions
    private let seriesLimit: Int
    private let process: ProcessMetrics?

    /// - Parameters:
    ///   - process: adds the metrics of the process itself; nil in tests that compare the whole text.
    package init(
        process: ProcessMetrics? = nil, descriptions: MetricDescriptions = .shared,
        maximumSeriesPerMetric: Int = PrometheusRegistry.maximumSeriesPerMetric
    ) {
        self.process = process
        self.descriptions = descriptions
        self.seriesLimit = max(maximumSeriesPerMetric, 1)
    }

    /// Registers work to be done before each exposition, for instance setting gauges from a queue's length. Must be quick.
    package func onExposition(_ refresh: @escaping @Sendable () -> Void) {
        state.withLock { $0.refreshers.append(refresh) }
    }

    /// All metrics as Prometheus text, sorted by name and labels.
    package func exposition() -> String {
        // Outside the lock, because a refresher sets or even makes metrics.
        for refresh in state.withLock({ $0.refreshers }) { refresh() }
        var families = state.withLock { Array($0.families.values) }
        if let process { families += process.families() }
        var text = ""
        text.reserveCapacity(16 << 10)
        for family in families.sorted(by: { $0.name < $1.name }) { family.append(to: &text) }
        return text
    }

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let series = series(label, suffix: "_total", .counter, dimensions) { _ in .counter(CounterMetric()) }
        if case .counter(let metric) = series { return metric }
        return CounterMetric()
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        let series = series(label, suffix: "_total", .counter, dimensions) { _ in
            .floatingPointCounter(FloatingPointCounterMetric())
        }
        if case .floatingPointCounter(let metric) = series { return metric }
        return FloatingPointCounterMetric()
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        aggregate ? histogram(label, suffix: "", dimensions, HistogramBuckets.counts) : gauge(label, dimensions)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, suffix: "_seconds", dimensions, HistogramBuckets.seconds)
    }

    /// Makes a histogram that takes many observations at once.
    package func sharedHistogram(_ label: String, dimensions: [(String, String)] = []) -> SharedHistogram {
        SharedHistogram(metric: histogram(label, suffix: "", dimensions, HistogramBuckets.counts))
    }

    // Series stay until the process ends: Prometheus wants counters to go on, and the number of series is limited.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeMetric {
        let series = series(label, suffix: "", .gauge, dimensions) { _ in .gauge(GaugeMetric()) }
        if case .gauge(let metric) = series { return metric }
        return GaugeMetric()
    }

    private func histogram(
        _ label: String, suffix: String, _ dimensions: [(String, String)], _ defaultBuckets: [Double]
    ) -> HistogramMetric {
        let series = series(label, suffix: suffix, .histogram, dimensions) { description in
            .histogram(HistogramMetric(bounds: description?.buckets ?? defaultBuckets))
        }
        if case .histogram(let metric) = series { return metric }
        return HistogramMetric(bounds: defaultBuckets)
    }

    /// The series of a label, made when it is new; nil when the name already belongs to a metric of another kind. Such a metric
    /// works and is not exported, which is better than text that no scraper reads.
    private func series(
        _ label: String, suffix: String, _ kind: MetricFamily.Kind, _ dimensions: [(String, String)],
        make: (MetricDescription?) -> MetricFamily.Series
    ) -> MetricFamily.Series? {
        let base = MetricName.sanitised(label)
        let name = MetricName.suffixed(base, suffix)
        let labels = PrometheusText.labels(dimensions)
        let overflow = PrometheusText.labels(dimensions.map { ($0.0, Self.overflowLabelValue) })
        let description = descriptions.description(exported: name, label: base)
        return state.withLock { state in
            var key = labels
            if let family = state.families[name] {
                guard family.kind == kind else { return nil }
                if family.series[key] == nil, family.series.count >= seriesLimit { key = overflow }
                if let existing = family.series[key] { return existing }
            }
            let made = make(description)
            let empty = MetricFamily(name: name, kind: kind, help: description?.help)
            state.families[name, default: empty].series[key] = made
            return made
        }
    }
}
