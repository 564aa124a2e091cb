/// What the figures were: the last hour as often as they are read, the last day once a minute. In memory only.
struct FiguresHistory: Sendable {
    private static let nanosecondsPerSecond: Int64 = 1_000_000_000
    /// Figures are read every five seconds.
    private static let recentSamples = 720
    private static let olderSamples = 1440
    private static let olderPause: Int64 = 60 * nanosecondsPerSecond

    private var recent: [FiguresSample] = []
    private var older: [FiguresSample] = []

    /// Takes figures; those that are not newer than the last ones are passed over.
    mutating func add(_ sample: FiguresSample) {
        if let last = recent.last, sample.at <= last.at { return }
        recent.append(sample)
        // In portions, for the rest is moved each time.
        if recent.count > Self.recentSamples + 60 { recent.removeFirst(recent.count - Self.recentSamples) }
        if sample.at - (older.last?.at ?? .min / 2) >= Self.olderPause {
            older.append(sample)
            if older.count > Self.olderSamples + 60 { older.removeFirst(older.count - Self.olderSamples) }
        }
    }

    /// At most so many samples of a time that ends now.
    /// - Parameter seconds: how long it is.
    func samples(of seconds: Int64, points: Int, now: Int64) -> [FiguresSample] {
        let start = now - seconds * Self.nanosecondsPerSecond
        let reach = recent.first?.at ?? .max
        let all = older.filter { $0.at < reach } + recent
        let wanted = all.filter { $0.at >= start && $0.at <= now }
        guard wanted.count > points, points > 0 else { return wanted }
        // The last one of each stretch: counters are exact at any moment, and stretches that stand still do not flicker.
        let stretch = max(1, seconds * Self.nanosecondsPerSecond / Int64(points))
        var thinned: [FiguresSample] = []
        for sample in wanted {
            if let last = thinned.last, last.at / stretch == sample.at / stretch {
                thinned[thinned.count - 1] = sample
            } else {
                thinned.append(sample)
            }
        }
        return thinned
    }
}
