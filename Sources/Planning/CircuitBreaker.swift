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
        /// A probe that gets no answer for so long does not keep the next one back: a destination that is silent is only
        /// known to be so when the request's deadline is over, and it may be back long before that.
        package var probePatience: Int64 = 10_000_000_000
        /// Probes under way at once, at most.
        package var probes = 4

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

    /// Whether a request may be sent.
    /// - Parameters:
    ///   - underWay: requests under way.
    ///   - lastSentAt: when the newest of them was sent; nil without any.
    package mutating func allows(underWay: Int, lastSentAt: Int64?, now: Int64) -> Bool {
        if state == .closed { return true }
        guard let time = asksAt(underWay: underWay, lastSentAt: lastSentAt), now >= time else { return false }
        if case .open = state { state = .halfOpen(successes: 0) }
        return true
    }

    /// The end of a pause; nil without one.
    package var opensAt: Int64? {
        if case .open(let until) = state { until } else { nil }
    }

    /// When a request may be sent at the earliest; nil while that does not depend on the time alone.
    package func asksAt(underWay: Int, lastSentAt: Int64?) -> Int64? {
        guard state != .closed else { return .min }
        // Whatever is under way, sent before it opened or as a probe: its outcome says enough, if it comes soon.
        guard underWay < limits.probes else { return nil }
        let answered = lastSentAt.map { $0 &+ limits.probePatience } ?? .min
        if case .open(let until) = state { return max(until, answered) }
        return answered
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
