import TestSupport
import Testing

@testable import Store

/// Progress types against sets of numbers.
struct ProgressTests {
    @Test(arguments: [11, 12, 13] as [UInt64])
    func batchProgressIsASetOfEvents(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let total = generator.below(20)
            var progress = BatchProgress(total: total)
            var model: Set<Int> = []
            for _ in 0..<generator.below(12) {
                let first = generator.below(25)
                let events = first..<(first + generator.below(6))
                let fresh = Set(events).filter { $0 < total }.subtracting(model)
                #expect(progress.resolve(events) == fresh.count, "seed \(seed)")
                model.formUnion(fresh)
                #expect(Set(progress.resolved.joined()) == model, "seed \(seed)")
                #expect(Set(progress.remaining.joined()) == Set(0..<total).subtracting(model), "seed \(seed)")
                #expect(progress.isComplete == (model.count == total), "seed \(seed)")
                for (left, right) in zip(progress.resolved, progress.resolved.dropFirst()) {
                    #expect(left.upperBound < right.lowerBound, "seed \(seed): ranges touch or overlap")
                }
            }
        }
    }

    @Test(arguments: [21, 22, 23] as [UInt64])
    func segmentProgressMovesOverWholeBatches(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let sizes = (0..<8).map { _ in generator.below(5) }
            var progress = SegmentProgress()
            var model: [Int: Set<Int>] = [:]
            var delivered = 0
            for _ in 0..<60 {
                let batch = generator.below(sizes.count)
                let first = generator.below(5)
                let events = (first..<(first + generator.below(4))).clamped(to: 0..<sizes[batch])
                let fresh = Set(events).subtracting(model[batch] ?? [])
                model[batch, default: []].formUnion(fresh)
                delivered += fresh.count
                let count = progress.resolve(batch: Int64(batch + 1), events: events, total: sizes[batch])
                #expect(count == fresh.count, "seed \(seed)")
                let through = sizes.indices.prefix { model[$0]?.count == sizes[$0] }.count
                #expect(progress.throughBatch == Int64(through), "seed \(seed)")
                #expect(progress.deliveredEvents == Int64(delivered), "seed \(seed)")
                for (index, size) in sizes.enumerated() {
                    let remaining = progress.remaining(batch: Int64(index + 1), total: size)
                    #expect(
                        Set(remaining.joined()) == Set(0..<size).subtracting(model[index] ?? []), "seed \(seed)")
                    #expect(
                        progress.isResolved(batch: Int64(index + 1)) == (model[index]?.count == size), "seed \(seed)")
                }
            }
        }
    }

    @Test
    func aBatchThatCanNoLongerBeReadIsResolvedWhole() {
        var progress = SegmentProgress()
        #expect(progress.resolve(batch: 1, events: 0..<2, total: 5) == 2)
        #expect(progress.resolve(batch: 1, events: 0..<0, total: 0) == 0)
        #expect(progress.throughBatch == 1)
        #expect(progress.deliveredEvents == 2)
    }

    @Test
    func whatIsKnownOfABatchThatCanNotBeReadCountsWithoutItsDeliveredPart() {
        var progress = SegmentProgress()
        #expect(progress.resolve(batch: 2, events: 0..<2, total: 5) == 2)
        #expect(progress.resolve(batch: 2, events: 0..<5, total: 0, outcome: .damaged) == 3)
        #expect(progress.resolve(batch: 2, events: 0..<5, total: 0, outcome: .damaged) == 0)
        #expect(progress.deliveredEvents == 2 && progress.resolvedEvents == 5)
    }

    /// Over the edges of chunks, in windows that move on as a worker's do.
    @Test(arguments: [31, 32, 33, 34] as [UInt64])
    func batchesOutOfOrderAreASet(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var progress = SegmentProgress()
        var model: Set<Int64> = []
        var through: Int64 = 0
        for _ in 0..<30_000 {
            let ahead = generator.once(in: 2) ? 4 : generator.below(generator.once(in: 50) ? 9000 : 40)
            let batch = max(1, through - 3 + Int64(ahead))
            let isNew = model.insert(batch).inserted
            while model.contains(through + 1) { through += 1 }
            #expect(progress.resolve(batch: batch, events: 0..<3, total: 3) == (isNew ? 3 : 0), "seed \(seed)")
            #expect(progress.throughBatch == through, "seed \(seed)")
            #expect(progress.isResolved(batch: batch + 1) == model.contains(batch + 1), "seed \(seed)")
        }
        #expect(through > 10_000, "seed \(seed)")
        for batch in 1...(through + 9100) {
            #expect(progress.isResolved(batch: batch) == model.contains(batch), "seed \(seed), batch \(batch)")
        }
        #expect(progress.resolvedEvents == 3 * Int64(model.count), "seed \(seed)")
    }
}
