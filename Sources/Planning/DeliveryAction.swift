/// A request's number. Higher ones were read later.
package typealias RequestID = Int
/// A page's number.
package typealias PageID = Int

/// What the caller is to do.
package enum DeliveryAction: Sendable, Hashable {
    /// Look at the batches of a lane after a place, at most so many; without a place, only say where the spool ends.
    case look(LaneName, after: BatchAddress?, limit: Int)
    /// Read these batches and render them, in this order.
    case load(PageID, LaneName, [BatchSummary])
    /// Record these batches as expired: they are too old.
    case expire([BatchSummary])
    /// Send a request.
    case send(RequestID)
    /// Cut a request in two: the messages before `at`, and the others.
    case split(RequestID, at: Int, first: RequestID, second: RequestID)
    /// Remember that an event was refused alone for the so-manieth time, and is tried again after so many nanoseconds.
    case noteAttempt(RequestID, attempts: Int, delay: Int64)
    /// Keep a request's one event as a dead letter.
    case bury(RequestID, attempts: Int)
    /// Nothing, until something finishes or this time has come.
    case wait(until: Int64?)
}
