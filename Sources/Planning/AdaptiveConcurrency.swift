/// How many requests may be under way: more while the destination keeps up, less when it slows down or pushes back
/// (additive increase, multiplicative decrease).
package struct AdaptiveConcurrency: Sendable, Hashable {
    /// The named limits.
    package struct Limits: Sendable, Hashable {
        /// Fewest and most requests under way.
        package var minimum: Int
        package var maximum: Int
        /// What is left of the limit after pushback, and after a latency beyond ``tolerance``.
        package var pushbackFactor = 0.5
        package var latencyFactor = 0.9
        /// How many times the usual latency is too slow.
        package var tolerance = 3.0
        /// The weight of a new latency in the usual one.
        package var weight = 0.1

        /// Limits between `minimum` and `maximum` requests; at least 1.
        package init(minimum: Int = 1, maximum: Int) {
            self.minimum = max(1, minimum)
            self.maximum = max(self.minimum, maximum)
        }
    }

    private let limits: Limits
    /// The limit before it is cut to a whole number.
    package private(set) var value: Double
    /// Below this it doubles in the time that one request takes, above it grows by one.
    private var threshold: Double
    private var usualLatency: Double?
    /// Outcomes to come before another decrease: those under way at the last one know nothing of it.
    private var settling = 0

    /// - Parameter learned: the limit that a process before this one had found, or nil for the most at once.
    package init(limits: Limits, learned: Double? = nil) {
        self.limits = limits
        // What a damaged ledger says may be no number at all.
        let start = learned.flatMap { $0.isFinite ? $0 : nil } ?? Double(limits.maximum)
        value = min(max(start, Double(limits.minimum)), Double(limits.maximum))
        threshold = value
    }

    /// Requests that may be under way.
    package var limit: Int { min(limits.maximum, max(limits.minimum, Int(value))) }

    /// Starts from the least again, quickly at first: after an outage nobody knows what the destination can take.
    ///
    /// - Parameter known: what it could take before.
    package mutating func slowStart(known: Double) {
        threshold = min(max(known, Double(limits.minimum)), Double(limits.maximum))
        value = Double(limits.minimum)
        settling = 0
    }

    /// A request was taken.
    ///
    /// - Parameters:
    ///   - latency: nanoseconds.
    ///   - underWay: requests under way while it was, itself included: a limit that nobody reaches is not tested by success.
    package mutating func succeeded(latency: Int64, underWay: Int) {
        settling = max(0, settling - 1)
        let seconds = Double(max(0, latency)) / 1e9
        guard let usual = usualLatency else {
            usualLatency = seconds
            grow(underWay)
            return
        }
        usualLatency = usual + limits.weight * (seconds - usual)
        if seconds > limits.tolerance * usual, usual > 0 {
            decrease(by: limits.latencyFactor)
        } else {
            grow(underWay)
        }
    }

    /// The destination says that it is asked for too much, or does not answer in time.
    package mutating func pushedBack() {
        let before = settling
        decrease(by: limits.pushbackFactor)
        if before == 0 { threshold = value }
    }

    /// A request failed for another reason: nothing is learned from it.
    package mutating func failed() { settling = max(0, settling - 1) }

    private mutating func grow(_ underWay: Int) {
        guard underWay >= limit else { return }
        value = min(Double(limits.maximum), value + (value < threshold ? 1 : 1 / max(1, value)))
    }

    private mutating func decrease(by factor: Double) {
        guard settling == 0 else {
            settling -= 1
            return
        }
        settling = limit
        value = max(Double(limits.minimum), value * factor)
    }
}
