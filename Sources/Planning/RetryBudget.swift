/// Bounds repeated requests to a share of the successful ones while a destination is degraded, so that retries are never what
/// keeps it down. A trickle is always allowed: without any success nothing would be found out.
package struct RetryBudget: Sendable, Hashable {
    /// The named limits.
    package struct Limits: Sendable, Hashable {
        /// Retries for each success.
        package var share = 0.2
        /// Retries that can be saved up.
        package var capacity = 10.0
        /// Retries a second that need no success.
        package var trickle = 0.5

        /// The standard limits.
        package init() {}
    }

    /// What one retry costs. Whole numbers, so that whoever waits for enough has enough.
    private static let price: Int64 = 1_000_000_000

    private let capacity: Int64
    private let share: Int64
    /// Saved up in so many nanoseconds: the price of one retry.
    private let interval: Int64
    private var saved: Int64
    private var refilledAt: Int64

    /// A full budget.
    package init(limits: Limits = Limits(), now: Int64) {
        capacity = Int64(max(1, limits.capacity) * Double(Self.price))
        share = Int64(max(0, limits.share) * Double(Self.price))
        interval = Int64(1e9 / min(1000, max(0.001, limits.trickle)))
        saved = capacity
        refilledAt = now
    }

    /// A request was taken.
    package mutating func succeeded() { saved = min(capacity, saved + share) }

    /// Takes what one retry costs.
    /// - Returns: false when there is not enough.
    package mutating func take(now: Int64) -> Bool {
        let available = available(at: now)
        guard available >= Self.price else { return false }
        saved = available - Self.price
        refilledAt = max(refilledAt, now)
        return true
    }

    /// When there will be enough for one retry without any success, in monotonic nanoseconds; not after `now` when there is.
    package func nextAt(now: Int64) -> Int64 {
        let available = available(at: now)
        guard available < Self.price else { return now }
        // Rounded up, so that it is enough by then.
        let missing = Double(Self.price - available) / Double(Self.price) * Double(interval)
        return max(refilledAt, now) &+ Int64(missing) &+ 2
    }

    private func available(at now: Int64) -> Int64 {
        let passed = max(0, now &- refilledAt)
        guard passed < interval * 1000 else { return capacity }
        return min(capacity, saved + Int64(Double(passed) / Double(interval) * Double(Self.price)))
    }
}
