internal import Contract
internal import Store

/// Dead letters sent again or given up.
extension LedgerCommands {
    /// Letters that are edited and recorded at once.
    private static let editedAtOnce = 256

    func replay(
        _ filter: DeadLetterFilter, rate: Double?, edit: EventEdit?, isDryRun: Bool, _ actor: String
    ) async throws -> ControlResult {
        var filter = filter
        filter.state = filter.state ?? .waiting
        guard filter.state == .waiting else {
            throw ControlFailure(.invalid, "only waiting letters can be sent again, not those in another state")
        }
        let chosen = try await destinations(filter.destination).map(\.name)
        let count = try inspector.countDeadLetters(filter)
        if let edit { try check(edit, filter) }
        var result = ControlResult(
            destinations: chosen, events: count.letters, bytes: count.bytes, isDryRun: isDryRun)
        guard !isDryRun else { return result }
        if let edit {
            result.events = try await replay(filter, edit, rate: rate ?? 0, actor)
        } else {
            result.events = try await ledger.replay(filter, rate: rate ?? 0, actor: actor)
        }
        for name in chosen { await steering?.replayAdded(at: name) }
        return result
    }

    func purge(_ filter: DeadLetterFilter, isDryRun: Bool, _ actor: String) async throws -> ControlResult {
        let chosen = try await destinations(filter.destination).map(\.name)
        var result = ControlResult(destinations: chosen, isDryRun: isDryRun)
        // Those that are being sent again stay.
        for state in [DeadLetter.State.waiting, .delivered] where filter.state == nil || filter.state == state {
            var one = filter
            one.state = state
            let count = try inspector.countDeadLetters(one)
            result.events += count.letters
            result.bytes += count.bytes
        }
        guard !isDryRun else { return result }
        result.events = try await ledger.purge(filter, actor: actor)
        // There may be room again for a destination that is at its bound.
        for name in chosen { await steering?.pauseChanged(at: name) }
        return result
    }

    /// Tries an edit on every letter before the first one is recorded.
    private func check(_ edit: EventEdit, _ filter: DeadLetterFilter) throws {
        var failure: ControlFailure?
        try inspector.visitDeadLetters(filter, loading: true) { letter in
            do throws(EventEditFailure) {
                _ = try edit.apply(to: letter.bytes)
                return true
            } catch {
                failure = ControlFailure(
                    .editFailed, "dead letter \(letter.id): \(error.description); none is sent again")
                return false
            }
        }
        if let failure { throw failure }
    }

    private func replay(_ filter: DeadLetterFilter, _ edit: EventEdit, rate: Double, _ actor: String) async throws
        -> Int64
    {
        // The ids first: what is edited leaves the filter.
        var ids: [DeadLetterID] = []
        try inspector.visitDeadLetters(filter, loading: false) { letter in
            ids.append(letter.id)
            return true
        }
        var count: Int64 = 0
        for start in stride(from: 0, to: ids.count, by: Self.editedAtOnce) {
            var portion = filter
            portion.ids = Set(ids[start..<min(ids.count, start + Self.editedAtOnce)])
            var edited: [EditedLetter] = []
            try inspector.visitDeadLetters(portion, loading: true) { letter in
                // It was tried before; what can not be edited now is left as it is.
                if let bytes = try? edit.apply(to: letter.bytes) {
                    edited.append(EditedLetter(id: letter.id, bytes: bytes, digest: EventDigest.hex(bytes)))
                }
                return true
            }
            count += try await ledger.replay(edited: edited, rate: rate, actor: actor)
        }
        return count
    }
}
