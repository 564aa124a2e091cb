internal import Logging
internal import Store

/// Brings the pauses of the configuration into the ledger, where the pauses by hand are, too. A pause by hand is left
/// alone.
struct ConfiguredPauses: Sendable {
    /// Why such a destination is paused, in the ledger; by this a pause of the configuration is known again.
    static let reason = ForwarderConfiguration.pausedKey
    /// Who has paused it, in the record of acts.
    static let actor = "configuration"

    let ledger: DeliveryLedger
    let board: WorkerBoard
    /// The names in the ledger of the destinations that are served.
    let names: [DestinationAddress: String]
    let logger: Logger

    /// Pauses what is listed, and resumes what the configuration had paused and lists no more.
    /// - Returns: what could not be recorded.
    func apply(_ paused: [DestinationAddress]) async -> [String] {
        var problems: [String] = []
        for (address, name) in names.sorted(by: { $0.value < $1.value }) {
            do throws(StoreError) {
                try await apply(isListed: paused.contains(address), to: name)
            } catch {
                problems.append("\(Self.reason): \(name): \(error.message)")
            }
        }
        return problems
    }

    private func apply(isListed: Bool, to name: String) async throws(StoreError) {
        guard let identifier = try await ledger.destination(name: name) else { return }
        let state = try await ledger.state(of: identifier)
        if isListed, state?.isPaused != true {
            try await ledger.pause(identifier, reason: Self.reason, actor: Self.actor)
        } else if !isListed, state?.isPaused == true, state?.pauseReason == Self.reason {
            try await ledger.resume(identifier, actor: Self.actor)
        } else {
            return
        }
        logger.notice(
            isListed ? "a destination is paused by the configuration" : "a destination is resumed by the configuration",
            metadata: ["destination": "\(name)"])
        await board.pauseChanged(at: name)
    }
}
