/// All series of one exported name.
struct MetricFamily: Sendable {
    enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    enum Series: Sendable {
        case counter(CounterMetric)
        case floatingPointCounter(FloatingPointCounterMetric)
        case gauge(GaugeMetric)
        case histogram(HistogramMetric)
    }

    let name: String
    let kind: Kind
    let help: String?
    /// By rendered labels, `a="b",c="d"`, empty for none.
    var series: [String: Series] = [:]

    func append(to text: inout String) {
        if let help { text += "# HELP \(name) \(PrometheusText.escapedHelp(help))\n" }
        text += "# TYPE \(name) \(kind.rawValue)\n"
        for (labels, series) in series.sorted(by: { $0.key < $1.key }) {
            switch series {
            case .counter(let metric): PrometheusText.append(name, labels, String(metric.current), to: &text)
            case .floatingPointCounter(let metric):
                PrometheusText.append(name, labels, PrometheusText.number(metric.current), to: &text)
            case .gauge(let metric):
                PrometheusText.append(name, labels, PrometheusText.number(metric.current), to: &text)
            case .histogram(let metric): append(metric, labels, to: &text)
            }
        }
    }

    private func append(_ metric: HistogramMetric, _ labels: String, to text: inout String) {
        let values = metric.current
        let prefix = labels.isEmpty ? "" : labels + ","
        var cumulative: UInt64 = 0
        for (bound, count) in zip(metric.bounds, values.counts) {
            cumulative += count
            let label = "\(prefix)le=\"\(PrometheusText.number(bound))\""
            PrometheusText.append(name + "_bucket", label, String(cumulative), to: &text)
        }
        cumulative += values.counts.last ?? 0
        PrometheusText.append(name + "_bucket", prefix + "le=\"+Inf\"", String(cumulative), to: &text)
        PrometheusText.append(name + "_sum", labels, PrometheusText.number(values.sum), to: &text)
        PrometheusText.append(name + "_count", labels, String(cumulative), to: &text)
    }
}
