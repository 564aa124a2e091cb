internal import Foundation
internal import TestSupport
internal import Testing

extension SystemTests {
    /// Whatever fails, nothing acknowledged is lost or changed, and nothing is invented. `scripts/torture` runs it.
    @Suite(
        .timeLimit(.minutes(60)),
        .enabled(
            if: !TortureClass.selected.isEmpty, "only scripts/torture runs it: GATEWAY_TORTURE_CLASSES is not set"),
        .enabled(if: FaultyDisk.missing == nil, Comment(rawValue: FaultyDisk.missing ?? "")))
    struct TortureRounds {
        /// Several classes side by side: most of the time is waiting for processes.
        @Test func nothingAcknowledgedIsLost() async throws {
            await withTaskGroup(of: Void.self) { group in
                // The longest first.
                var rest = TortureClass.selected.sorted { $0.rounds > $1.rounds }[...]
                for _ in 0..<Self.width {
                    if let kind = rest.popFirst() { group.addTask { await run(kind) } }
                }
                while await group.next() != nil {
                    if let kind = rest.popFirst() { group.addTask { await run(kind) } }
                }
            }
        }

        private static let width =
            ProcessInfo.processInfo.environment["GATEWAY_TORTURE_WIDTH"].flatMap { Int($0) } ?? 3

        private func run(_ kind: TortureClass) async {
            let torture = Torture(rounds: max(1, kind.rounds))
            do {
                try await Workspace.run { try await run(kind, torture, in: $0) }
            } catch {
                Issue.record("\(kind.name), seed \(torture.seed): \(error)")
            }
        }

        private func run(_ kind: TortureClass, _ torture: Torture, in workspace: Workspace) async throws {
            let start = ContinuousClock.now
            // Each class has its own numbers: alone it does what it does with the others.
            let seed = kind.name.utf8.reduce(torture.seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
            let rig = try await TortureRig(kind, seed: seed, in: workspace)
            for _ in 0..<torture.rounds { try await rig.round() }
            try await rig.heal()
            let (fake, record, poison) = (rig.fake, rig.record, rig.poison)
            // On a thread of its own: it takes seconds, and the other classes go on.
            let check = try await blocking { Result { try PublishedCheck(fake, record, refused: poison) } }.get()
            let audit = try await Audit.run(in: workspace)
            let bound = kind.duplicateBound(rounds: rig.rounds, fake: rig.fake)
            let milliseconds = Int(rig.timeToEmpty / .milliseconds(1))
            let seconds = (ContinuousClock.now - start).components.seconds
            print(
                "torture: \(kind.name) rounds=\(rig.rounds) seed=\(torture.seed) "
                    + "acknowledged=\(rig.record.acknowledged.count) delivered=\(check.delivered) "
                    + "dead=\(rig.poison.count) lost=\(check.lost.count) changed=\(check.changed.count) "
                    + "unknown=\(check.unknown.count) duplicates=\(check.duplicates) bound=\(bound) "
                    + "faults=\(rig.faults) torn=\(rig.loss.reverted) empty_ms=\(milliseconds) audit=\(audit.rawValue) "
                    + "exits=\(rig.exits) seconds=\(seconds)")
            let context = "\(kind.name), seed \(torture.seed)"
            if kind.mustLose {
                #expect(
                    !check.lost.isEmpty, "a disk that lies must lose events, or this check sees nothing: \(context)")
            } else {
                #expect(check.lost.isEmpty, "\(check.lost.count) lost, first \(check.lost.prefix(3)): \(context)")
                #expect(audit != .unbalanced, "\(context)")
            }
            #expect(check.changed.isEmpty, "not as sent: \(check.changed.prefix(3)): \(context)")
            #expect(check.unknown.isEmpty, "never sent: \(check.unknown.prefix(3)): \(context)")
            #expect(check.duplicates <= bound, "\(context)")
            #expect(rig.faults > 0, "nothing has failed: \(context)")
        }
    }
}
