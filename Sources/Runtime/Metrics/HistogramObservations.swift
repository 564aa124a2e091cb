/// Observations of one histogram, collected without a lock and added to it in one go: for loops that observe millions.
package struct HistogramObservations: Sendable {
    let bounds: [Double]
    private(set) var values: HistogramMetric.Values

    init(bounds: [Double]) {
        self.bounds = bounds
        values = HistogramMetric.Values(counts: Array(repeating: 0, count: bounds.count + 1), sum: 0)
    }

    /// Adds one observation.
    package mutating func observe(_ value: Double) {
        // A NaN would make the sum useless for ever.
        guard !value.isNaN else { return }
        values.counts[HistogramMetric.bucket(of: value, bounds: bounds)] += 1
        values.sum += value
    }
}
