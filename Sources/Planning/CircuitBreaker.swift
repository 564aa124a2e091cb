/// Keeps a destination that fails as a whole from being asked again and again. Nanoseconds of the monotonic clock throughout.
package struct CircuitBreaker: Sendable, Hashable {
    /// The named limits of a breaker.
    package struct Limits: Sendable, Hashable {
        /// Failures in a row at which it opens.
        package var consecutiveFailures = 5
        /// Outcomes that the share of failures is taken of.
        package var window = 20
        /// Share of failures in a full window at which it opens.
        package var failureShare = 0.5
        /// Upper end of the first pause, and of the longest.
        package var base: Int64 = 1_000_000_000
        package var ceiling: Int64 = 30_000_000_000
        /// A pause is never shorter.
        package var minimumPause: Int64 = 100_000_000
        /// Probes that must succeed in a row before it closes.
        package var successesToClose = 2

        /// The standard limits.
        package init() {}
    }

    /// What it lets through.
    package enum State: Sendable, Hashable {
        /// Everything.
        case closed
        /// Nothing before this time.
        case open(until: Int64)
        /// One request at a time, to find out.
        case halfOpen(successes: Int)
    }

    package private(set) var state: State = .closed
    /// Failures in a row.
    package private(set) var failures = 0
    private var pauses: Backoff
    private let limits: Limits
    /// The last outcomes, a set bit for each failure.
    private var outcomes: UInt64 = 0
    private var outcomeCount = 0

    /// A closed breaker.
    package init(limits: Limits = Limits()) {
        self.limits = limits
        pauses = Backoff(base: limits.base, ceiling: limits.ceiling)
    }

    /// A breaker as a process before this one left it.
    ///
    /// - Parameters:
    ///   - failures: failures in a row.
    ///   - openUntil: when it lets a probe through; a time further away than the longest pause, as after a jump of the
    ///     clock, is brought near.
    package init(limits: Limits = Limits(), failures: Int, openUntil: Int64, now: Int64) {
        self.init(limits: limits)
        self.failures = max(0, failures)
        pauses = Backoff(base: limits.base, ceiling: limits.ceiling, failures: self.failures)
        state = .open(until: min(max(openUntil, now), now &+ limits.ceiling))
    }

    /// Whether a request may be sent, with so many under way.
    package mutating func allows(underWay: Int, now: Int64) -> Bool {
        switch state {
        case .closed: return true
        case .open(let until):
            // Whatever is still under way was sent before it opened; its outcome says as much as a probe.
            guard now >= until, underWay == 0 else { return false }
            state = .halfOpen(successes: 0)
            return true
        case .halfOpen: return underWay == 0
        }
    }

    /// When it is worth asking again; nil while it does not depend on the time.
    package var opensAt: Int64? {
        if case .open(let until) = state { until } else { nil }
    }

    /// A request was taken.
    /// - Returns: whether it closes by this, after having been open.
    package mutating func succeeded() -> Bool {
        failures = 0
        note(failure: false)
        switch state {
        case .closed: return false
        // Sent before it opened, and taken after all: the next one is still a probe.
        case .open: return false
        case .halfOpen(let successes):
            guard successes + 1 >= limits.successesToClose else {
                state = .halfOpen(successes: successes + 1)
                return false
            }
            state = .closed
            pauses.reset()
            (outcomes, outcomeCount) = (0, 0)
            return true
        }
    }

    /// A request failed because of the destination.
    ///
    /// - Parameters:
    ///   - opensAtOnce: whether nothing else is to be expected from the next one.
    ///   - fraction: a random number from 0 up to 1.
    /// - Returns: whether it opens by this, or opens again.
    package mutating func failed(opensAtOnce: Bool, retryAfter: Int64?, now: Int64, fraction: Double) -> Bool {
        failures += 1
        note(failure: true)
        switch state {
        case .open(let until):
            if let retryAfter { state = .open(until: max(until, now &+ retryAfter)) }
            return false
        case .closed where !opensAtOnce && !isBad: return false
        case .closed, .halfOpen:
            let pause = max(pauses.nextDelay(retryAfter: retryAfter, fraction: fraction), limits.minimumPause)
            state = .open(until: now &+ pause)
            return true
        }
    }

    private var isBad: Bool {
        if failures >= limits.consecutiveFailures { return true }
        guard outcomeCount >= limits.window else { return false }
        return Double(outcomes.nonzeroBitCount) >= limits.failureShare * Double(limits.window)
    }

    private mutating func note(failure: Bool) {
        let kept: UInt64 = limits.window >= 64 ? .max : (1 << UInt64(limits.window)) - 1
        outcomes = (outcomes << 1 | (failure ? 1 : 0)) & kept
        outcomeCount = min(outcomeCount + 1, limits.window)
    }
}
