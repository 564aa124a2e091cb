internal import Store

/// Orders to send again that are taken back.
extension LedgerCommands {
    /// What is under way may arrive all the same.
    func cancelReplay(_ filter: DeadLetterFilter, isDryRun: Bool, _ actor: String) async throws -> ControlResult {
        var filter = filter
        filter.state = filter.state ?? .replaying
        guard filter.state == .replaying else {
            throw ControlFailure(.invalid, "only letters that are being sent again can be taken back")
        }
        let chosen = try await destinations(filter.destination).map(\.name)
        let count = try inspector.countDeadLetters(filter)
        var result = ControlResult(
            destinations: chosen, events: count.letters, bytes: count.bytes, isDryRun: isDryRun)
        guard !isDryRun else { return result }
        result.events = try await ledger.cancelReplay(filter, actor: actor)
        return result
    }

    /// - Returns: the order's destination, and how many events it has sent.
    func cancelPast(_ job: Int64, _ actor: String) async throws -> ControlResult {
        guard let order = try inspector.replayJobs().first(where: { $0.id == job }) else {
            throw ControlFailure(
                .notFound, "there is no order \(job): `gatewayctl replay list --all` shows those there are")
        }
        guard try await ledger.cancelReplayJob(job, actor: actor) else {
            throw ControlFailure(
                .notFound, "order \(job) can not be cancelled: it is over (`gatewayctl replay list --all`)")
        }
        // Read again: it may have gone on meanwhile.
        let sent = try inspector.replayJobs().first { $0.id == job }?.sent ?? order.sent
        return ControlResult(destinations: [order.destination], events: sent, jobs: [job])
    }
}
