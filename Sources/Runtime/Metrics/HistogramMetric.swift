internal import CoreMetrics
internal import Synchronization

/// A distribution over fixed buckets; serves `Timer` (nanoseconds in, seconds out) and `Recorder(aggregate: true)`.
final class HistogramMetric: TimerHandler, RecorderHandler, Sendable {
    struct Values: Sendable {
        /// Observations per bucket, not cumulative; the last one is above every bound.
        var counts: [UInt64]
        /// Sum of all observations.
        var sum: Double
    }

    /// Upper bounds, ascending, without infinity.
    let bounds: [Double]
    private let values: Mutex<Values>

    init(bounds: [Double]) {
        self.bounds = bounds
        self.values = Mutex(Values(counts: Array(repeating: 0, count: bounds.count + 1), sum: 0))
    }

    func recordNanoseconds(_ duration: Int64) { observe(Double(duration) / 1_000_000_000) }
    func record(_ value: Int64) { observe(Double(value)) }
    func record(_ value: Double) { observe(value) }

    var current: Values { values.withLock { $0 } }

    /// Adds observations of a histogram with the same bounds.
    func add(_ other: Values) {
        values.withLock { values in
            for index in values.counts.indices { values.counts[index] += other.counts[index] }
            values.sum += other.sum
        }
    }

    /// The bucket that takes a value; the last one is above every bound.
    static func bucket(of value: Double, bounds: [Double]) -> Int {
        var low = 0
        var high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if value <= bounds[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func observe(_ value: Double) {
        // A NaN would make the sum useless for ever.
        guard !value.isNaN else { return }
        let bucket = Self.bucket(of: value, bounds: bounds)
        values.withLock { values in
            values.counts[bucket] += 1
            values.sum += value
        }
    }
}
