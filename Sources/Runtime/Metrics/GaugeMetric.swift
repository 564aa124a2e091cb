internal import CoreMetrics

/// A number that goes up and down; serves `Meter`, `Gauge` and `Recorder(aggregate: false)`.
final class GaugeMetric: MeterHandler, RecorderHandler, Sendable {
    private let value = AtomicDouble()

    func set(_ value: Int64) { self.value.store(Double(value)) }
    func set(_ value: Double) { self.value.store(value) }
    func increment(by amount: Double) { value.add(amount) }
    func decrement(by amount: Double) { value.add(-amount) }
    func record(_ value: Int64) { set(value) }
    func record(_ value: Double) { set(value) }

    var current: Double { value.load() }
}
