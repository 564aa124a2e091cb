/// How fast a counter has grown lately.
package struct RateWindow: Sendable, Hashable {
    private struct Sample: Sendable, Hashable {
        var at: Int64
        var value: Int64
    }

    private static let nanosecondsPerSecond = 1_000_000_000.0

    private let length: Int64
    private var samples: [Sample] = []

    /// - Parameter length: how far it looks back, in nanoseconds.
    package init(length: Int64 = 60_000_000_000) {
        self.length = length
    }

    /// Takes what the counter says.
    /// - Parameter time: in nanoseconds, of a clock that does not go back.
    package mutating func add(_ value: Int64, at time: Int64) {
        if let last = samples.last, time <= last.at { return }
        samples.append(Sample(at: time, value: value))
        // The newest one beyond the window stays: it is where the window begins.
        while samples.count > 2, samples[1].at <= time - length { samples.removeFirst() }
    }

    /// Growth a second; nil before there are two samples.
    package var perSecond: Double? {
        guard let first = samples.first, let last = samples.last, last.at > first.at else { return nil }
        return Double(last.value &- first.value) / (Double(last.at - first.at) / Self.nanosecondsPerSecond)
    }
}
