internal import Synchronization

/// HELP texts and buckets by metric name; swift-metrics has no place for them.
package final class MetricDescriptions: Sendable {
    /// The descriptions of this process. Describe a metric before it is first made, because buckets are fixed then.
    package static let shared = MetricDescriptions()

    private let entries = Mutex<[String: MetricDescription]>([:])

    package init() {}

    /// Describes a metric. The name may be given as in the label of the metric or as it is exported.
    package func describe(_ name: String, help: String, buckets: [Double]? = nil) {
        let description = MetricDescription(help: help, buckets: buckets.map { Array(Set($0)).sorted() })
        entries.withLock { $0[MetricName.sanitised(name)] = description }
    }

    /// The description under the name as exported or, failing that, as labelled.
    func description(exported: String, label: String) -> MetricDescription? {
        entries.withLock { $0[exported] ?? $0[label] }
    }
}
