/// What operators can tell a forwarder, whichever way it reaches it.
package protocol ForwarderCommands: Sendable {
    /// Carries out a command; when it returns, the command is durable.
    /// - Parameter actor: who asks, for the record of acts.
    func perform(_ command: ControlCommand, actor: String) async throws(ControlFailure) -> ControlResult

    /// How delivery goes now; empty when no forwarder runs.
    func status() async -> [DeliveryStatus]
}
