/// What a running forwarder's workers are told. What has to survive a restart is in the ledger before any of this is
/// called; here it only takes effect.
package protocol DeliverySteering: Sendable {
    /// The destinations that are served now, in the order of the configuration.
    var destinations: [String] { get }

    /// The ledger's pause flag of a destination has changed: nothing new is sent to a paused one; what is under way is
    /// waited for and recorded as always.
    func pauseChanged(at destination: String) async

    /// There are new dead letters or times of the past to send again to a destination.
    func replayAdded(at destination: String) async

    /// Delivers what waits at the destinations now, then pauses each with the reason `drained`, or, with `thenExit`, ends
    /// the process as SIGTERM does once all of them are empty. Returns at once.
    func drain(_ destinations: [String], thenExit: Bool) async

    /// How delivery goes now, a value for each served destination.
    func status() async -> [DeliveryStatus]
}
