internal import CoreMetrics
internal import Synchronization

/// A number that only grows, fractions included.
final class FloatingPointCounterMetric: FloatingPointCounterHandler, Sendable {
    private let value = AtomicDouble()

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        value.add(amount)
    }

    func reset() { value.store(0) }

    var current: Double { value.load() }
}
