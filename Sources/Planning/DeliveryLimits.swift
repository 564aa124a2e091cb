/// The named limits of one destination's delivery. Times are nanoseconds.
package struct DeliveryLimits: Sendable, Hashable {
    /// Requests under way.
    package var concurrency: AdaptiveConcurrency.Limits
    /// Requests rendered and not yet under way, at which reading stops.
    package var buffered: Int
    /// Requests read and not yet resolved, at which reading stops.
    package var unresolved = 64
    /// Events that were refused alone and wait for another attempt, at which reading stops.
    package var isolated = 4096
    /// Bytes of requests read and not yet resolved, at which reading stops.
    package var heldBytes: Int64 = 64 << 20
    /// Pages read and rendered at once.
    package var pages = 2
    /// Payload bytes of a page.
    package var pageBytes: Int64 = 1 << 20
    /// Batches that a lane looks ahead: as far as this, clients take turns.
    package var lookAhead = 65_536
    /// Batches that are looked at in one step.
    package var look = 1024
    /// How long to wait for new batches before looking again.
    package var pollInterval: Int64 = 20_000_000
    /// The same while nothing could be sent anyway.
    package var idlePollInterval: Int64 = 1_000_000_000
    /// The fresh lane's share of what is taken while there is a backlog.
    package var freshShare = 0.3
    /// An event that waits longer belongs to the backlog.
    package var freshAge: Int64 = 5_000_000_000
    /// Undelivered events that are older expire; nil for never.
    package var maximumAge: Int64?
    /// How often an event is refused alone before it becomes a dead letter.
    package var attempts = 3
    /// Different events refused in a row, without anything being taken in between, at which the destination is taken for
    /// broken: it would refuse everything, and nothing is a dead letter because of that.
    package var refusalsInARow = 20
    /// … unless something was taken in this time: one client's bad events are no reason to stop for everybody.
    package var brokenAfter: Int64 = 60_000_000_000
    /// An event becomes a dead letter only once the destination has taken something else since it was first refused, or
    /// after so long without that.
    package var patience: Int64 = 30_000_000_000
    /// Upper end of the first pause after an event was refused alone, and of the longest.
    package var eventBase: Int64 = 1_000_000_000
    package var eventCeiling: Int64 = 60_000_000_000
    /// Upper end of the first pause after a request failed, and of the longest.
    package var requestBase: Int64 = 100_000_000
    package var requestCeiling: Int64 = 30_000_000_000
    /// How long to wait when there is no room for a dead letter.
    package var burialPause: Int64 = 5_000_000_000
    package var breaker = CircuitBreaker.Limits()
    package var budget = RetryBudget.Limits()

    /// The standard limits for a destination that takes so many requests at once.
    package init(maximumInFlight: Int) {
        concurrency = AdaptiveConcurrency.Limits(maximum: maximumInFlight)
        buffered = maximumInFlight + 2
    }
}
