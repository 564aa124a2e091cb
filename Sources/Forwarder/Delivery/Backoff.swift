/// How long to wait before the next attempt: exponential with full jitter, so that many waiters spread out evenly.
package struct Backoff: Sendable, Hashable {
    /// Upper end of the first wait.
    package static let standardBase: Duration = .milliseconds(100)
    /// Upper end of every later wait.
    package static let standardCeiling: Duration = .seconds(30)
    /// What the upper end is multiplied by after each failure.
    package static let factor = 2

    /// Failures in a row so far.
    package private(set) var failures = 0

    private let base: Duration
    private let ceiling: Duration

    /// A backoff without failures. `base` and `ceiling` must be positive; a ceiling under the base counts as the base.
    package init(base: Duration = Self.standardBase, ceiling: Duration = Self.standardCeiling) {
        self.base = base
        self.ceiling = max(base, ceiling)
    }

    /// Upper end of the next wait.
    package var upperEnd: Duration {
        var end = base
        for _ in 0..<failures {
            // The ceiling is reached after a few doublings, whatever the number of failures.
            if end >= ceiling { return ceiling }
            end *= Self.factor
        }
        return min(end, ceiling)
    }

    /// Counts a failure and gives the wait before the next attempt: anywhere between nothing and `upperEnd`, but never
    /// less than what the destination asked for.
    package mutating func nextDelay(
        retryAfter: Duration? = nil, using generator: inout some RandomNumberGenerator
    ) -> Duration {
        // Exactly one number per delay, as 53 bits of a fraction: `Double.random` may draw more, or for ever from a
        // generator that repeats itself.
        let share = Double(generator.next() >> 11) * 0x1p-53
        let delay = upperEnd * share
        failures += 1
        return max(delay, retryAfter ?? .zero)
    }

    /// Forgets the failures; to be called after a success.
    package mutating func reset() {
        failures = 0
    }
}
