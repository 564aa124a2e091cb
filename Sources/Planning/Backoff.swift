/// How long to wait before the next attempt: exponential with full jitter, so that many waiters spread out evenly.
/// Nanoseconds throughout.
package struct Backoff: Sendable, Hashable {
    /// What the upper end is multiplied by after each failure.
    package static let factor: Int64 = 2

    /// Failures in a row so far.
    package private(set) var failures: Int

    private let base: Int64
    private let ceiling: Int64

    /// - Parameters:
    ///   - base: upper end of the first wait; at least 1.
    ///   - ceiling: upper end of every later wait; one under the base counts as the base.
    ///   - failures: how many there were before.
    package init(base: Int64, ceiling: Int64, failures: Int = 0) {
        self.base = max(1, base)
        self.ceiling = max(self.base, ceiling)
        self.failures = max(0, failures)
    }

    /// Upper end of the next wait.
    package var upperEnd: Int64 {
        var end = base
        for _ in 0..<failures {
            // The ceiling is reached after a few doublings, whatever the number of failures.
            if end >= ceiling / Self.factor { return ceiling }
            end *= Self.factor
        }
        return min(end, ceiling)
    }

    /// Counts a failure and gives the wait before the next attempt: anywhere between nothing and ``upperEnd``, but never
    /// less than what the destination asked for.
    ///
    /// - Parameter fraction: a random number from 0 up to 1.
    package mutating func nextDelay(retryAfter: Int64? = nil, fraction: Double) -> Int64 {
        let delay = Int64(Double(upperEnd) * min(1, max(0, fraction)))
        failures += 1
        return max(delay, retryAfter ?? 0)
    }

    /// Forgets the failures; to be called after a success.
    package mutating func reset() { failures = 0 }
}
