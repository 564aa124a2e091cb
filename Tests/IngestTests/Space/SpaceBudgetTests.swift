import Runtime
import Store
import TestSupport
import Testing

@testable import Ingest

@Suite struct SpaceBudgetTests {
    private static let second: Int64 = 1_000_000_000

    private func budget(
        quota: Int64 = 1_000_000, reserve: Int64 = 100_000, client: Int64 = 500_000,
        configure: (inout SpaceBudget.Limits) -> Void = { _ in }
    ) -> SpaceBudget {
        var limits = SpaceBudget.Limits(
            spool: SpoolSpaceLimits(quotaBytes: quota, reserveBytes: reserve), clientBytes: client)
        limits.batchBytes = 0
        configure(&limits)
        return SpaceBudget(limits: limits)
    }

    private func measurement(
        _ segments: [(number: UInt64, bytes: Int64)], retained: Set<UInt64> = [], free: Int64 = 10_000_000
    ) -> SpaceMeasurement {
        SpaceMeasurement(
            segments: segments.map {
                SpaceMeasurement.Segment(number: $0.number, bytes: $0.bytes, isRetained: retained.contains($0.number))
            }, fileSystem: FileSystemSpace(freeBytes: free, totalBytes: 100_000_000))
    }

    private func measure(
        _ budget: inout SpaceBudget, _ measurement: SpaceMeasurement, now: Int64 = 0
    ) -> SpaceBudget.Consequences {
        budget.measurementBegins()
        return budget.measurementEnded(measurement, now: now)
    }

    private func group(
        _ segment: UInt64?, _ disk: Int, _ parts: [(client: String, bytes: Int)]
    ) -> SettledGroup {
        SettledGroup(
            segment: segment, diskBytes: disk,
            parts: parts.map { SettledGroup.Part(client: $0.client, payloadBytes: $0.bytes) })
    }

    @Test func otherLimitsCountFromTheNextBatch() {
        var budget = budget(quota: 1_000_000, client: .max)
        _ = measure(&budget, measurement([(1, 950_000)]))
        #expect(budget.admit(client: "a", payloadBytes: 100_000, now: 0)?.limit == .quota)
        #expect(measure(&budget, measurement([(1, 950_000)])).refusingChanged == nil)
        var limits = budget.limits
        limits.spool.quotaBytes = 2_000_000
        budget.adopt(limits)
        #expect(budget.admit(client: "a", payloadBytes: 100_000, now: 1) == nil)
        limits.spool.quotaBytes = 500_000
        budget.adopt(limits)
        #expect(budget.admit(client: "a", payloadBytes: 1, now: 2)?.limit == .quota)
    }

    @Test func takesBatchesUpToTheQuotaAndNotBeyond() {
        var budget = budget(client: .max)
        _ = measure(&budget, measurement([(1, 600_000)]))
        #expect(budget.admit(client: "a", payloadBytes: 300_000, now: 0) == nil)
        let refusal = budget.admit(client: "b", payloadBytes: 100_001, now: 0)
        #expect(refusal == SpaceRefusal(limit: .quota, retryAfterSeconds: 5))
        // What is under way counts once, also when it has become bytes on disk.
        budget.settled(group(1, 310_000, [("a", 300_000)]))
        #expect(budget.usedBytes == 910_000)
        #expect(budget.admit(client: "b", payloadBytes: 90_000, now: 0) == nil)
    }

    @Test func leavesTheReserveFree() {
        var budget = budget(client: .max)
        _ = measure(&budget, measurement([], free: 300_000))
        #expect(budget.admit(client: "a", payloadBytes: 150_000, now: 0) == nil)
        #expect(budget.admit(client: "a", payloadBytes: 50_001, now: 0)?.limit == .reserve)
        #expect(budget.freeBytes == 150_000)
        // A file system that says nothing of its size does not count as full.
        _ = measure(&budget, measurement([], free: .max))
        #expect(budget.freeBytes == nil)
        #expect(budget.admit(client: "a", payloadBytes: 500_000, now: 0) == nil)
    }

    @Test func whatIsWrittenDuringAMeasurementIsNotForgotten() {
        var budget = budget(client: .max)
        budget.measurementBegins()
        _ = budget.admit(client: "a", payloadBytes: 100_000, now: 0)
        budget.settled(group(1, 100_000, [("a", 100_000)]))
        _ = budget.measurementEnded(measurement([]), now: 0)
        #expect(budget.usedBytes == 100_000)
        #expect(budget.bytes(of: "a") == 100_000)
        // The next one sees it on disk.
        _ = measure(&budget, measurement([(1, 120_000)]))
        #expect(budget.usedBytes == 120_000)
        #expect(budget.bytes(of: "a") == 100_000)
    }

    @Test func oneClientReachesItsShareBeforeTheOthersNoticeAnything() {
        var budget = budget()
        _ = measure(&budget, measurement([]))
        #expect(budget.admit(client: "greedy", payloadBytes: 400_000, now: 0) == nil)
        budget.settled(group(1, 450_000, [("greedy", 400_000)]))
        let refusal = budget.admit(client: "greedy", payloadBytes: 60_000, now: 0)
        #expect(refusal == SpaceRefusal(limit: .clientShare, retryAfterSeconds: 5))
        #expect(budget.refusingSince == nil)
        #expect(budget.admit(client: "modest", payloadBytes: 60_000, now: 0) == nil)
        // The segment has to be sealed, or its delivery would never give the client anything back.
        #expect(measure(&budget, measurement([(1, 450_000)]), now: 1).sealsSegment)
        _ = measure(&budget, measurement([(2, 10_000)]), now: 2)
        #expect(budget.admit(client: "greedy", payloadBytes: 60_000, now: 2) == nil)
    }

    @Test func aBatchLargerThanTheShareGoesThroughAlone() {
        var budget = budget()
        _ = measure(&budget, measurement([]))
        #expect(budget.admit(client: "a", payloadBytes: 800_000, now: 0) == nil)
        #expect(budget.admit(client: "a", payloadBytes: 1, now: 0)?.limit == .clientShare)
        budget.settled(group(nil, 0, [("a", 800_000)]))
        #expect(budget.admit(client: "a", payloadBytes: 1, now: 0) == nil)
    }

    @Test func bytesOnDiskAreSharedOutByPayload() {
        var budget = budget()
        budget.settled(group(1, 40_000, [("a", 10_000), ("b", 30_000), ("a", 0)]))
        #expect(budget.bytes(of: "a") == 10_000 && budget.bytes(of: "b") == 30_000)
        // Nothing was stored: nothing is charged.
        budget.settled(group(nil, 0, [("a", 50_000)]))
        #expect(budget.bytes(of: "a") == 10_000)
    }

    @Test func retainedSegmentsCountForTheQuotaAndForNoClient() {
        var budget = budget()
        budget.settled(group(1, 300_000, [("a", 300_000)]))
        budget.settled(group(2, 100_000, [("a", 100_000)]))
        _ = measure(&budget, measurement([(1, 300_000), (2, 100_000)], retained: [1]))
        #expect(budget.bytes(of: "a") == 100_000 && budget.usedBytes == 400_000)
        // Said late, and too late: it is retained by now.
        budget.counted(segment: 1, payloadBytes: ["b": 5])
        #expect(budget.bytes(of: "b") == 0)
    }

    @Test func whatAnEarlierProcessLeftIsCountedOnce() {
        var budget = budget()
        _ = measure(&budget, measurement([(1, 200_000), (2, 90_000)]))
        budget.counted(segment: 1, payloadBytes: ["a": 75, "b": 25])
        budget.counted(segment: 1, payloadBytes: ["a": 75, "b": 25])
        budget.counted(segment: 9, payloadBytes: ["a": 75])
        #expect(budget.bytes(of: "a") == 150_000 && budget.bytes(of: "b") == 50_000)
        _ = measure(&budget, measurement([(2, 90_000)]))
        #expect(budget.bytes(of: "a") == 0)
    }

    @Test func refusingEndsOnlyWithHeadroomAndAsksForMorePatienceTheLongerItLasts() {
        var budget = budget(quota: 3_200_000, client: .max)
        #expect(measure(&budget, measurement([(1, 3_150_000)])) == SpaceBudget.Consequences())
        #expect(budget.admit(client: "a", payloadBytes: 60_000, now: 0)?.retryAfterSeconds == 5)
        // It would fit, but then the answers would change with every batch.
        #expect(budget.admit(client: "a", payloadBytes: 10_000, now: 60 * Self.second)?.retryAfterSeconds == 15)
        #expect(budget.admit(client: "a", payloadBytes: 10_000, now: 3600 * Self.second)?.retryAfterSeconds == 60)
        var consequences = measure(&budget, measurement([(1, 3_150_000)]), now: 3600 * Self.second)
        #expect(consequences == SpaceBudget.Consequences(sealsSegment: true, refusingChanged: true))
        consequences = measure(&budget, measurement([(1, 3_150_000)]), now: 3601 * Self.second)
        #expect(consequences == SpaceBudget.Consequences(), "not a segment a second")
        consequences = measure(&budget, measurement([(1, 3_150_000)]), now: 3605 * Self.second)
        #expect(consequences == SpaceBudget.Consequences(sealsSegment: true))
        consequences = measure(&budget, measurement([(1, 3_100_000)]), now: 3606 * Self.second)
        #expect(consequences == SpaceBudget.Consequences(refusingChanged: false))
        #expect(budget.admit(client: "a", payloadBytes: 60_000, now: 3606 * Self.second) == nil)
    }

    @Test func aFullDiskIsToldWithoutAnyTraffic() {
        var budget = budget()
        let consequences = measure(&budget, measurement([], free: 99_999))
        #expect(consequences == SpaceBudget.Consequences(sealsSegment: true, refusingChanged: true))
        #expect(budget.refusingSince != nil)
    }

    @Test func theClientsThatAreRememberedAreBoundedAndTheLargeOnesStay() {
        var budget = budget(quota: .max, client: 500_000) { $0.accounts = 100 }
        budget.settled(group(1, 400_000, [("large", 400_000)]))
        for number in 0..<10_000 { budget.settled(group(1, 100 + number % 7, [("small-\(number)", 1)])) }
        #expect(budget.rememberedAccounts <= 100)
        #expect(budget.bytes(of: "large") == 400_000)
        #expect(budget.admit(client: "large", payloadBytes: 200_000, now: 0)?.limit == .clientShare)
    }

    /// Against a disk that really takes what is written: the quota, the reserve and the shares hold in any order of
    /// events, and everything is given back in the end.
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64]) func holdsWhateverHappens(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let (quota, reserve, share) = (Int64(2_000_000), Int64(300_000), Int64(300_000))
        let disk = Int64(2_000_000 + generator.below(1_000_000))
        var budget = budget(quota: quota, reserve: reserve, client: share)
        var segments: [UInt64: [String: Int64]] = [1: [:]]
        var flying: [(client: String, bytes: Int)] = []
        var refused: Set<SpaceRefusal.Limit> = []
        func used() -> Int64 { segments.values.reduce(0) { $0 + $1.values.reduce(0, +) } }
        func look() -> SpaceMeasurement {
            measurement(
                segments.map { ($0.key, $0.value.values.reduce(0, +)) }.sorted { $0.0 < $1.0 }, free: disk - used())
        }
        _ = measure(&budget, look())
        var begun: SpaceMeasurement?
        for step in 0..<20_000 {
            switch generator.below(12) {
            case 0..<6:
                let client = "client-\(min(generator.below(8), generator.below(8)))"
                let bytes = generator.below(40_000)
                if let refusal = budget.admit(client: client, payloadBytes: bytes, now: Int64(step)) {
                    refused.insert(refusal.limit)
                } else {
                    flying.append((client, bytes))
                }
            case 6..<9:
                let count = min(flying.count, generator.below(4))
                let parts = Array(flying[..<count])
                flying.removeFirst(count)
                let isStored = !generator.once(in: 5) && count > 0
                let newest = segments.keys.max() ?? 1
                if isStored { for part in parts { segments[newest]?[part.client, default: 0] += Int64(part.bytes) } }
                let bytes = parts.reduce(0) { $0 + $1.bytes }
                budget.settled(group(isStored ? newest : nil, isStored ? bytes : 0, parts))
            case 9:
                if begun == nil {
                    budget.measurementBegins()
                    begun = look()
                }
            case 10:
                if let measurement = begun { _ = budget.measurementEnded(measurement, now: Int64(step)) }
                begun = nil
            default:
                // Delivered, or only sealed.
                if let newest = segments.keys.max() { segments[newest + 1] = [:] }
                if generator.once(in: 3), let oldest = segments.keys.min() { segments[oldest] = nil }
            }
            let flyingBytes = flying.reduce(0) { $0 + Int64($1.bytes) }
            #expect(used() + flyingBytes <= quota, "seed \(seed), step \(step)")
            #expect(used() + flyingBytes <= disk - reserve, "seed \(seed), step \(step)")
        }
        #expect(refused.contains(.clientShare), "seed \(seed)")
        #expect(refused.count > 1, "seed \(seed)")
        if begun != nil { _ = budget.measurementEnded(look(), now: 0) }
        for part in flying { budget.settled(group(nil, 0, [part])) }
        segments = [:]
        _ = measure(&budget, look())
        #expect(budget.usedBytes == 0 && budget.rememberedAccounts == 0, "seed \(seed)")
        #expect((0..<8).allSatisfy { budget.bytes(of: "client-\($0)") == 0 }, "seed \(seed)")
    }
}
