import Glibc
import TestSupport
import Testing

@testable import Store

/// Events that come again, through the writer.
struct DuplicateDetectionTests {
    @Test
    func eventsThatComeAgainAreAcknowledgedAndNotStored() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let log = ObserverLog()
        let writer = try SegmentWriter.open(
            layout: layout, duplicates: Marked.detection(), now: TestClock().now, observer: log.observer)
        let stream = Marked.stream()
        #expect(try await writer.append(Marked.batch(stream, [1, 2, 3], receivedAt: 1)).committed() == [])
        #expect(try await writer.append(Marked.batch(stream, [4, 3, 1], receivedAt: 1)).committed() == [1, 2])
        #expect(try await writer.append(Marked.batch(stream, [4, 2], receivedAt: 1)).committed() == [0, 1])
        #expect(try await writer.append(Marked.batch(Marked.stream("b"), [4], receivedAt: 1)).committed() == [])
        await writer.shutdown()
        #expect(try await Marked.storedIDs(layout) == [1, 2, 3, 4, 4])
        let drain = try await Drain(SpoolReader(layout: layout))
        // Numbers without gaps, and a seal that counts what is stored.
        #expect(drain.batches.map(\.id) == [1, 2, 3])
        #expect(drain.finished.values.compactMap(\.self).map(\.events) == [5])
        let groups = log.entries.groups
        #expect(groups.map(\.batches) == [1, 1, 1, 1])
        #expect(groups.map(\.events) == [3, 1, 0, 1])
        #expect(groups.map(\.duplicates) == [0, 2, 2, 0])
        #expect(groups.map(\.payloadBytes) == [3, 3, 2, 1].map { $0 * Marked.eventBytes })
        #expect(log.entries.restored.map(\.events) == [0])
    }

    @Test
    func withoutDetectionEverythingIsStored() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let log = ObserverLog()
        let writer = try SegmentWriter.open(layout: layout, now: TestClock().now, observer: log.observer)
        for _ in 0..<2 {
            #expect(try await writer.append(Marked.batch(Marked.stream(), [1, 1], receivedAt: 1)).committed() == [])
        }
        await writer.shutdown()
        #expect(try await Marked.storedIDs(layout) == [1, 1, 1, 1])
        #expect(log.entries.restored.isEmpty)
    }

    /// Whatever fails: an id that is acknowledged, as new or as known, is on the disk; and what was refused is taken when
    /// it comes again.
    @Test(arguments: [ENOSPC, EIO], [72 as UInt64, 73])
    func nothingCountsAsKnownThatIsNotDurable(error: Int32, seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let directory = try TemporaryDirectory()
        defer { DiskFaults.lift(below: directory.path) }
        let layout = SpoolLayout(root: directory.path + "/spool")
        let log = ObserverLog()
        let writer = try SegmentWriter.open(
            layout: layout, duplicates: Marked.detection(), now: TestClock().now, observer: log.observer)
        let stream = Marked.stream()
        var acknowledged: Set<UInt64> = []
        var refused: Set<UInt64> = []
        var retaken = 0
        for round in 0..<60 {
            let isFaulty = generator.once(in: 2)
            if isFaulty {
                DiskFaults.fail(below: directory.path, with: error, afterBytes: [0, 40_000, 90_000][round % 3])
            }
            // Several at once, so that groups form; ids from a small pool, so that they meet in and across groups.
            let batches = (0..<(1 + generator.below(6))).map { _ in
                (0..<(1 + generator.below(5))).map { _ in UInt64(generator.below(12) + round * 5) }
            }
            let tickets = batches.map { ids in
                (ids, writer.append(Marked.batch(stream, ids, receivedAt: 1, filler: generator.below(60_000))))
            }
            for (ids, ticket) in tickets {
                do {
                    let duplicates = Set(try await ticket.committed())
                    for (ordinal, id) in ids.enumerated() where !duplicates.contains(UInt32(ordinal)) {
                        #expect(!acknowledged.contains(id), "seed \(seed): stored twice")
                        if refused.contains(id) { retaken += 1 }
                        acknowledged.insert(id)
                    }
                    #expect(acknowledged.isSuperset(of: ids), "seed \(seed): acknowledged and nowhere stored")
                } catch {
                    refused.formUnion(ids)
                }
            }
            DiskFaults.lift(below: directory.path)
        }
        #expect(!log.entries.failures.isEmpty && retaken > 0)
        // For one who has to recover from the log as it is now.
        let copy = SpoolLayout(root: directory.path + "/copy")
        try copy.create()
        for number in try layout.segmentNumbers() { try SpoolImage.copy(number, from: layout, to: copy) }
        let stored = try await Marked.storedIDs(copy)
        #expect(acknowledged.isSubset(of: stored), "seed \(seed)")
        // A failed transaction may be in the file after all, but not when there was no room for it.
        if error == ENOSPC { #expect(stored.count == acknowledged.count, "seed \(seed)") }
        await writer.shutdown()
    }
}
