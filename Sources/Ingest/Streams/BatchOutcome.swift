internal import Contract

/// What became of the events of one batch, as far as it is known before the commit.
struct BatchOutcome: Sendable {
    /// Events that go to the spool, or are there already.
    let accepted: Int
    /// Why events were refused, in their order; empty for most batches.
    let refusals: [RefusalReason.Code]
    /// Which of the acknowledged ids, counted from 0, belong to refused events; empty for most batches.
    let acknowledgedRefusals: [UInt32]

    init(accepted: Int = 0, refusals: [RefusalReason.Code] = [], acknowledgedRefusals: [UInt32] = []) {
        self.accepted = accepted
        self.refusals = refusals
        self.acknowledgedRefusals = acknowledgedRefusals
    }

    /// What a scan says.
    init(_ scanner: borrowing WireScanner) {
        accepted = scanner.acceptedCount
        refusals = scanner.refused.map(\.reason.code)
        acknowledgedRefusals = scanner.acknowledgedRefusals
    }
}
