import TestSupport
import Testing

@testable import Store

/// A power loss leaves any prefix of the ledger's log: each one is a ledger that adds up.
struct LedgerCrashTests {
    @Test(arguments: [61, 62] as [UInt64])
    func everyPrefixOfTheLogBalances(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let fixture = try await LedgerFixture([["a", "b", "a"], ["b", "c"]])
        let ledger = fixture.ledger
        let first = try await ledger.register(destination: "first")
        try await ledger.record([fixture.resolution(0, 2, 0..<3, client: "b")], at: first, deliveredBytes: 1)
        _ = try await ledger.register(destination: "late", start: .now)
        try await fixture.kill(0, 1, 0, client: "a", at: first)
        try await fixture.kill(0, 2, 3, client: "b", at: first)
        _ = try await ledger.replay(DeadLetterFilter(), rate: 1, actor: "ann")
        try await ledger.record(
            DeliveryRecord(
                resolutions: [
                    fixture.resolution(0, 1, client: "a"), fixture.resolution(0, 2, client: "b"),
                    fixture.resolution(0, 3, client: "a", .expired),
                ], replays: [ReplayOutcome(letter: 1)]), at: first)
        _ = try await ledger.cancelReplay(DeadLetterFilter(), actor: "ann")
        _ = try await ledger.replay(
            edited: [EditedLetter(id: .letter(2), bytes: [1], digest: "d2")], rate: 0, actor: "ann")
        try await ledger.record(DeliveryRecord(replays: [ReplayOutcome(letter: 3)]), at: first)
        _ = try await ledger.purge(DeadLetterFilter(), actor: "ann")
        for destination in [first, try await ledger.register(destination: "late")] {
            try await ledger.finish(segment: fixture.segments[0], at: destination)
        }
        try await fixture.close(0, removing: false)
        let log = try TemporaryDirectory.bytes(fixture.layout.ledgerPath + "-wal")
        var lengths = (0..<25).map { _ in generator.below(log.count) }
        lengths.append(log.count)
        for length in lengths {
            let copy = SpoolLayout(root: fixture.directory.path + "/copy-\(length)")
            try copy.create()
            for number in fixture.segments { try SpoolImage.copy(number, from: fixture.layout, to: copy) }
            try TemporaryDirectory.copy(fixture.layout.ledgerPath, to: copy.ledgerPath)
            try TemporaryDirectory.write(Array(log.prefix(length)), to: copy.ledgerPath + "-wal")
            let again = try await DeliveryLedger.open(layout: copy, now: fixture.clock.now)
            let audit = try SpoolInspector(layout: copy).audit()
            #expect(audit.isBalanced, "seed \(seed), \(length) of \(log.count) bytes: \(audit.differences)")
            try await again.shutdown()
        }
        try await ledger.shutdown()
    }
}
