/// What a destination's worker is told.
package enum WorkerRequest: Sendable, Hashable {
    /// The ledger's pause flag has changed: read it again.
    case pauseChanged
    /// The ledger has new dead letters or times of the past to send again.
    case replayAdded
    /// Deliver what waits, then call `WorkerBoard.drained(_:)`.
    case drain
}
