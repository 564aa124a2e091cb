import TestSupport
import Testing

@testable import Forwarder

@Suite struct RetentionPolicyTests {
    private let policy = RetentionPolicy(
        retention: 1000, retainedBytes: 200, highWaterBytes: 800, lowWaterFreeBytes: 100)

    private func segments(_ count: Int, bytes: Int64 = 50) -> [RetentionPolicy.Retained] {
        (1...count).map { RetentionPolicy.Retained(segment: UInt64($0), finishedAt: Int64($0) * 100, bytes: bytes) }
    }

    private func removals(
        _ retained: [RetentionPolicy.Retained], used: Int64 = 500, free: Int64 = 1000, now: Int64 = 500
    ) -> [RetentionPolicy.Removal] {
        policy.removals(of: retained.reversed(), usedBytes: used, freeBytes: free, now: now)
    }

    @Test func keepsWhatIsYoungWhileThereIsSpace() {
        #expect(removals(segments(4)) == [])
        #expect(removals([]) == [])
    }

    @Test func theOldOnesGo() {
        #expect(removals(segments(4), now: 1200) == [.init(segment: 1, reason: .age), .init(segment: 2, reason: .age)])
        #expect(removals(segments(4), now: -500) == [], "a clock that was set back makes nothing old")
        let extreme = [RetentionPolicy.Retained(segment: 1, finishedAt: .min, bytes: 1)]
        #expect(removals(extreme, now: .max) == [], "and no number traps")
    }

    @Test func whatIsHeldForAReplayGoesLastAndOnlyForWantOfSpace() {
        var retained = segments(6)
        retained[0].isHeld = true
        retained[1].isHeld = true
        #expect(removals(retained, now: 10_000).map(\.segment) == [3, 4, 5, 6], "not by age")
        #expect(removals(retained).map(\.segment) == [3, 4], "the others make room in the share")
        #expect(removals(Array(retained.prefix(2)), now: 10_000) == [])
        let space = removals(retained, used: 2000)
        #expect(space.map(\.segment) == [3, 4, 5, 6, 1, 2])
        #expect(space.suffix(2).allSatisfy { $0.reason == .space })
        #expect(removals(retained, used: 1000).map(\.segment) == [3, 4, 5, 6], "what is enough is enough")
    }

    @Test func noneIsKeptWithoutRetention() {
        var policy = policy
        policy.retention = 0
        let removals = policy.removals(of: segments(2), usedBytes: 0, freeBytes: 1000, now: 0)
        #expect(removals.map(\.segment) == [1, 2])
    }

    @Test func theOldestGoBeyondTheShare() {
        #expect(removals(segments(6)) == [.init(segment: 1, reason: .share), .init(segment: 2, reason: .share)])
    }

    @Test func theOldestGoWhenTheQuotaIsNear() {
        #expect(removals(segments(4), used: 850) == [.init(segment: 1, reason: .space)])
        #expect(removals(segments(4), used: 2000).map(\.segment) == [1, 2, 3, 4], "all of them, and no more")
    }

    @Test func theOldestGoWhenTheDiskIsNearlyFull() {
        #expect(removals(segments(4), free: 20).map(\.segment) == [1, 2])
        #expect(removals(segments(4), free: 100) == [])
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func keepsItsPromises(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<2000 {
            let retained = (0..<generator.below(12)).map {
                RetentionPolicy.Retained(
                    segment: UInt64($0), finishedAt: Int64(generator.below(3000)), bytes: Int64(generator.below(120)))
            }
            let (used, free, now) = (generator.below(1200), generator.below(300), Int64(generator.below(3000)))
            let removals = policy.removals(
                of: retained, usedBytes: Int64(used), freeBytes: Int64(free), now: now)
            let gone = Set(removals.map(\.segment))
            #expect(gone.count == removals.count, "seed \(seed), round \(round)")
            let kept = retained.filter { !gone.contains($0.segment) }
            let freed = retained.filter { gone.contains($0.segment) }.reduce(0) { $0 + $1.bytes }
            let hint = Comment("seed \(seed), round \(round)")
            #expect(kept.allSatisfy { now - $0.finishedAt < 1000 }, hint)
            #expect(kept.reduce(0) { $0 + $1.bytes } <= 200, hint)
            #expect(kept.isEmpty || Int64(used) - freed <= 800 && Int64(free) + freed >= 100, hint)
            // Oldest first: nothing that stays is older than anything that goes.
            if let oldest = kept.map(\.finishedAt).min() {
                #expect(retained.filter { gone.contains($0.segment) }.allSatisfy { $0.finishedAt <= oldest }, hint)
            }
            // And nothing goes without need: had the last one stayed, a promise would be broken.
            guard let last = removals.last, let segment = retained.first(where: { $0.segment == last.segment }) else {
                continue
            }
            let without = freed - segment.bytes
            let isNeeded =
                now - segment.finishedAt >= 1000 || kept.reduce(segment.bytes) { $0 + $1.bytes } > 200
                || Int64(used) - without > 800 || Int64(free) + without < 100
            #expect(isNeeded, hint)
        }
    }
}
