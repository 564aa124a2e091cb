internal import Contract
internal import Store

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
    init(_ scanner: borrowing WireScanner, acknowledgesRefused: Bool) {
        accepted = scanner.acceptedCount
        guard !scanner.refused.isEmpty else {
            refusals = []
            acknowledgedRefusals = []
            return
        }
        refusals = scanner.refused.map(\.reason.code)
        acknowledgedRefusals = Self.positions(scanner, acknowledgesRefused: acknowledgesRefused)
    }

    /// Both kinds are in the order of their offsets, which is the order of the acknowledgement.
    private static func positions(_ scanner: borrowing WireScanner, acknowledgesRefused: Bool) -> [UInt32] {
        var positions: [UInt32] = []
        var accepted = 0
        for event in scanner.refused where acknowledgesRefused || event.reason == .oversized {
            while accepted < scanner.acceptedCount, scanner.acceptedIndex[2 * accepted] < event.offset { accepted += 1 }
            positions.append(UInt32(accepted + positions.count))
        }
        return positions
    }
}
