/// What became of items: the label `outcome` of an ``Outbox``'s counter.
package enum OutboxOutcome: String, Sendable, Hashable, CaseIterable {
    /// The receiver has them.
    case sent
    /// There were too many, or no time to send them before the process ended.
    case dropped
    /// They could not be sent as often as was tried.
    case failed
    /// The receiver will never take them.
    case refused
    /// The receiver asked for silence.
    case limited
}
