/// What a destination's delivery has learned and should know after a restart.
package struct DeliveryMemory: Sendable, Hashable {
    /// Failures in a row.
    package var failures: Int
    /// When the breaker lets a probe through, in monotonic nanoseconds; nil while it is closed.
    package var openUntil: Int64?
    /// Requests under way that the destination could take.
    package var concurrency: Double

    /// Describes what was learned.
    package init(failures: Int, openUntil: Int64?, concurrency: Double) {
        self.failures = failures
        self.openUntil = openUntil
        self.concurrency = concurrency
    }
}
