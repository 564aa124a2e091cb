/// What an ``Outbox`` keeps to.
package struct OutboxLimits: Sendable, Hashable {
    /// Items that wait; more are dropped and counted.
    package var capacity: Int
    /// Items in one request.
    package var batch: Int
    /// Items that are fewer than one request's wait this long for others.
    package var interval: Duration
    /// Requests with the same items before they are given up.
    package var attempts: Int

    /// Longest pause before a repetition that nobody asked for, in nanoseconds.
    static let maximumPause: Int64 = 30_000_000_000
    /// The pause before the first repetition, in nanoseconds; doubled for each further one.
    static let firstPause: Int64 = 1_000_000_000
}
