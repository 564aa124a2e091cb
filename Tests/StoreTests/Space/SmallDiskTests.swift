import TestSupport
import Testing

@testable import Store

/// A real file system that is really full.
@Suite(.enabled(if: SmallFileSystem.isAllowed, "\(SmallFileSystem.whyNot)"), .timeLimit(.minutes(1)))
struct SmallDiskTests {
    private static let megabyte = 1 << 20

    private func batch(_ stream: StreamHandle, _ bytes: Int, _ mark: UInt8) -> BatchRecord {
        Batches.single(stream, [UInt8](repeating: mark, count: bytes))
    }

    @Test
    func whatIsAcknowledgedOnAFullDiskIsThereAndWritingHealsByItself() async throws {
        let disk = try SmallFileSystem(bytes: 8 * Self.megabyte)
        let layout = SpoolLayout(root: disk.path + "/spool")
        var limits = SegmentLimits.standard
        limits.segmentBytes = Self.megabyte
        let writer = try SegmentWriter.open(layout: layout, limits: limits, now: TestClock().now)
        let stream = Marked.stream()
        var kept: [[UInt8]] = []
        var refused = 0
        for mark in UInt8(0)..<60 {
            let batch = batch(stream, 300_000, mark)
            do {
                try await writer.append(batch).committed()
                kept.append(batch.payload)
            } catch {
                #expect(error.code == .full, "\(error)")
                refused += 1
            }
        }
        #expect(kept.count > 15 && refused > 10)
        await #expect(throws: StoreError.self) { try await writer.probe() }
        // The oldest segment goes, as if it were delivered: that is all it takes.
        let oldest = try #require(try layout.segmentNumbers().first)
        let gone = try await Drain(SpoolReader(layout: layout)).batches.filter { $0.segment == oldest }.count
        #expect(gone > 0)
        try layout.unlinkSegment(oldest)
        try await writer.probe()
        let last = batch(stream, 300_000, 99)
        try await writer.append(last).committed()
        await writer.shutdown()
        let stored = try await Drain(SpoolReader(layout: layout))
        #expect(stored.damaged.isEmpty)
        #expect(stored.batches.map(\.payload) == Array(kept.dropFirst(gone)) + [last.payload])
    }

    @Test
    func aSealThatFindsNoSpaceIsWrittenOnceThereIsSome() async throws {
        let disk = try SmallFileSystem(bytes: 8 * Self.megabyte)
        let layout = SpoolLayout(root: disk.path + "/spool")
        let log = ObserverLog()
        let writer = try SegmentWriter.open(layout: layout, now: TestClock().now, observer: log.observer)
        let stream = Marked.stream()
        try await writer.append(batch(stream, 1000, 1)).committed()
        try disk.fill(leaving: 0)
        writer.sealSegment()
        // Answered after the seal was tried: there is one thread.
        await #expect(throws: StoreError.self) { try await writer.probe() }
        #expect(log.entries.sealed.isEmpty && log.entries.leftUnsealed.isEmpty)
        disk.empty()
        let sealed = await log.waitUntilSealed()
        #expect(sealed == 1)
        await writer.shutdown()
        #expect(log.entries.leftUnsealed.isEmpty)
        #expect(try await Drain(SpoolReader(layout: layout)).batches.count == 1)
    }

    /// What the reserve is for: ingest has filled the disk up to it, and the forwarder can still record and remove.
    @Test
    func theLedgerCommitsWhenTheDiskIsFullUpToTheReserve() async throws {
        let disk = try SmallFileSystem(bytes: 16 * Self.megabyte)
        let layout = SpoolLayout(root: disk.path + "/spool")
        let writer = try SegmentWriter.open(layout: layout, now: TestClock().now)
        try await writer.append(batch(Marked.stream(), 300_000, 1)).committed()
        await writer.shutdown()
        // 5 %, the standard reserve of so small a disk.
        try disk.fill(leaving: 16 * Self.megabyte / 20)
        let segment = try #require(try layout.segmentNumbers().first)
        let ledger = try await DeliveryLedger.open(layout: layout, now: TestClock().now)
        let destination = try await ledger.register(destination: "d")
        try await ledger.record(
            [Resolution(segment: segment, batch: 1, events: 0..<1, batchEvents: 1)], at: destination,
            deliveredBytes: 300_000)
        try await ledger.finish(segment: segment, at: destination)
        let reader = try SpoolReader(layout: layout)
        try await ledger.close(
            segment: segment, totals: SegmentTotals(batches: 1, events: 1), account: SegmentAccount())
        try await reader.remove(segment: segment, damaged: false)
        try await ledger.forget(segment: segment)
        try await ledger.shutdown()
        #expect(try layout.segmentNumbers().isEmpty)
    }
}
