import TestSupport
import Testing

@testable import Store

@Suite(.timeLimit(.minutes(1)))
struct SegmentSealTests {
    @Test
    func aFullSegmentIsSealedWithoutAnotherBatch() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        var limits = SegmentLimits.standard
        limits.segmentBytes = 100_000
        let log = ObserverLog()
        let writer = try SegmentWriter.open(
            layout: layout, limits: limits, now: TestClock().now, observer: log.observer)
        try await writer.append(Batches.single(Marked.stream(), [UInt8](repeating: 1, count: 200_000))).committed()
        #expect(await log.waitUntilSealed() == 1)
        await writer.shutdown()
        #expect(log.entries.sealed.count == 1)
    }

    @Test
    func aSegmentIsSealedOnRequestAndAnEmptyOneIsNot() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let log = ObserverLog()
        let writer = try SegmentWriter.open(layout: layout, now: TestClock().now, observer: log.observer)
        writer.sealSegment()
        try await writer.probe()
        #expect(try layout.segmentNumbers().isEmpty)
        for mark in UInt8(1)...2 {
            try await writer.append(Batches.single(Marked.stream(), [mark])).committed()
            writer.sealSegment()
            #expect(await log.waitUntilSealed(Int(mark)) == Int(mark))
        }
        await writer.shutdown()
        #expect(log.entries.sealed.values.map(\.batches) == [1, 1])
    }

    @Test
    func aSettledGroupSaysWhereItsBytesAre() async throws {
        let directory = try TemporaryDirectory()
        defer { DiskFaults.lift(below: directory.path) }
        let layout = SpoolLayout(root: directory.path + "/spool")
        let groups = Recorder<SettledGroup>()
        var observer = SegmentWriterObserver()
        observer.settled = { groups.record($0) }
        let writer = try SegmentWriter.open(layout: layout, now: TestClock().now, observer: observer)
        try await writer.append(Batches.single(Marked.stream("a"), [UInt8](repeating: 1, count: 70_000))).committed()
        DiskFaults.fail(below: directory.path, with: 28)
        await #expect(throws: StoreError.self) {
            try await writer.append(Batches.single(Marked.stream("b"), [UInt8](repeating: 1, count: 10))).committed()
        }
        DiskFaults.lift(below: directory.path)
        await writer.shutdown()
        let settled = groups.values
        let number = try #require(try layout.segmentNumbers().first)
        #expect(settled.map(\.segment) == [number, nil])
        #expect(
            settled.map(\.parts) == [
                [SettledGroup.Part(client: "a", payloadBytes: 70_000)],
                [SettledGroup.Part(client: "b", payloadBytes: 10)],
            ])
        #expect((70_000..<150_000).contains(settled[0].diskBytes) && settled[1].diskBytes == 0)
    }
}
