internal import Store

/// Times of the past sent again.
extension LedgerCommands {
    func replayPast(_ replay: PastReplay, _ actor: String) async throws -> ControlResult {
        let chosen = try await destinations(replay.destination)
        let stored = try inspector.storedEvents(from: replay.from, to: replay.to, client: replay.client)
        var result = ControlResult(
            destinations: chosen.map(\.name), events: stored.events, bytes: stored.bytes, isDryRun: replay.isDryRun)
        guard !replay.isDryRun, stored.events > 0 else { return result }
        for (name, identifier) in chosen {
            result.jobs.append(
                try await ledger.addReplayJob(
                    at: identifier, from: replay.from, to: replay.to, client: replay.client, rate: replay.rate ?? 0,
                    includesUndelivered: replay.includesUndelivered, actor: actor))
            await steering?.replayAdded(at: name)
        }
        return result
    }
}
