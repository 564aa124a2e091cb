/// Which events of one batch are resolved at one destination: sorted ranges that neither touch nor overlap.
package struct BatchProgress: Sendable, Hashable {
    /// How many events the batch has.
    package let total: Int
    /// The resolved events, counted from 0.
    package private(set) var resolved: [Range<Int>] = []

    /// Starts with nothing resolved.
    package init(total: Int) {
        self.total = total
    }

    /// Whether every event is resolved. A batch without events is complete as soon as it is known.
    package var isComplete: Bool { total == 0 || resolved == [0..<total] }

    /// How many events are resolved.
    var resolvedCount: Int { resolved.reduce(0) { $0 + $1.count } }

    /// The events that are not resolved yet.
    package var remaining: [Range<Int>] {
        var remaining: [Range<Int>] = []
        var next = 0
        for range in resolved {
            if next < range.lowerBound { remaining.append(next..<range.lowerBound) }
            next = range.upperBound
        }
        if next < total { remaining.append(next..<total) }
        return remaining
    }

    /// Adds resolved events; those that already are count once.
    /// - Returns: how many are newly resolved.
    package mutating func resolve(_ events: Range<Int>) -> Int {
        let events = events.clamped(to: 0..<total)
        guard !events.isEmpty else { return 0 }
        let before = resolvedCount
        var merged = events
        var result: [Range<Int>] = []
        for range in resolved {
            if range.upperBound < merged.lowerBound || range.lowerBound > merged.upperBound {
                result.append(range)
            } else {
                merged = min(range.lowerBound, merged.lowerBound)..<max(range.upperBound, merged.upperBound)
            }
        }
        result.append(merged)
        resolved = result.sorted { $0.lowerBound < $1.lowerBound }
        return resolvedCount - before
    }
}
