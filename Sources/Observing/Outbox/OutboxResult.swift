/// How a request of an ``Outbox`` ended.
package enum OutboxResult: Sendable, Hashable {
    /// The receiver has it, but for this many of its items.
    case taken(refused: Int)
    /// The receiver will never take it.
    case refused
    /// The receiver wants nothing of this kind for a while: the items are given up.
    case limited
    /// It may be tried again, in this time where the receiver said so.
    case later(Duration?)
}
