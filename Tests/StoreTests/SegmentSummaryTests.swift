import Foundation
import TestSupport
import Testing

@testable import Store

/// A look ahead reads the summaries of sealed segments and opens none.
struct SegmentSummaryTests {
    @Test
    func lookingAheadOpensNoSealedSegment() async throws {
        let spool = try await FilledSpool(seed: 7)
        let reader = try SpoolReader(layout: spool.layout)
        let pages = try await spool.headerPages(reader)
        let end = try await reader.end()
        let sender = try await reader.sender(batch: 1, segment: spool.segments[0])
        #expect(spool.layout.openSegments == 0)
        #expect(pages.map(\.headers.count).reduce(0, +) == spool.batches)
        for segment in spool.segments { try FileManager.default.removeItem(atPath: spool.layout.summaryPath(segment)) }
        let opening = try SpoolReader(layout: spool.layout)
        #expect(try await spool.headerPages(opening) == pages)
        #expect(try await opening.end() == end)
        #expect(try await opening.sender(batch: 1, segment: spool.segments[0]) == sender)
        #expect(spool.layout.openSegments > 0)
    }

    @Test
    func statusAndAuditSayTheSame() async throws {
        let spool = try await FilledSpool(seed: 8)
        let ledger = try await DeliveryLedger.open(layout: spool.layout, now: TestClock().now)
        _ = try await ledger.register(destination: "first")
        let destination = try await ledger.register(destination: "second")
        // One has begun with the second segment, which is therefore opened.
        let headers = try #require(SegmentSummary.read(spool.segments[1], spool.layout)).headers(after: 0, limit: 1)
        let events = Int(try #require(headers.first).events)
        let sender = try #require(SegmentSummary.read(spool.segments[1], spool.layout)?.sender(batch: 1))
        let begun = Resolution(
            segment: spool.segments[1], batch: 1, events: 0..<events, batchEvents: events,
            client: try await ledger.client(name: sender.name, source: sender.source))
        try await ledger.record([begun], at: destination, deliveredBytes: 0)
        let inspector = SpoolInspector(layout: spool.layout)
        let status = try inspector.status()
        let audit = try inspector.audit(usesSummaries: true)
        #expect(audit.isBalanced, "\(audit.differences)")
        for segment in spool.segments { try FileManager.default.removeItem(atPath: spool.layout.summaryPath(segment)) }
        var opened = try inspector.status()
        // The summaries took space.
        opened.bytesOnDisk = status.bytesOnDisk
        #expect(opened == status)
        #expect(try inspector.audit() == audit)
        try await ledger.shutdown()
    }

    /// Whatever becomes of the file, it is as it was written or it is not there.
    @Test
    func aDamagedSummaryIsNoSummary() async throws {
        let spool = try await FilledSpool(seed: 9)
        let number = spool.segments[0]
        let path = spool.layout.summaryPath(number)
        let whole = try TemporaryDirectory.bytes(path)
        #expect(SegmentSummary.read(number, spool.layout)?.encoded() == whole)
        for position in whole.indices {
            var bytes = whole
            bytes[position] ^= 1 << UInt8(position % 8)
            try TemporaryDirectory.write(bytes, to: path)
            #expect(SegmentSummary.read(number, spool.layout) == nil, "byte \(position)")
        }
        for length in stride(from: 0, to: whole.count, by: 7) {
            try TemporaryDirectory.write(Array(whole[..<length]), to: path)
            #expect(SegmentSummary.read(number, spool.layout) == nil, "\(length) bytes")
        }
        try TemporaryDirectory.write(whole, to: spool.layout.summaryPath(number + 1))
        #expect(SegmentSummary.read(number + 1, spool.layout) == nil, "of another segment")
    }

    /// Sums that are right over claims that are wrong.
    @Test
    func aSummaryThatContradictsItselfIsNoSummary() throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path)
        try layout.create()
        let sender = StreamSender(name: "c", source: "s")
        let batch = SegmentSummary.Batch(receivedAt: 1, stream: 1, events: 2, payloadBytes: 3)
        let right = SegmentTotals(batches: 1, events: 2, payloadBytes: 3)
        for (totals, senders, batches) in [
            (SegmentTotals(batches: 2, events: 2, payloadBytes: 3), [sender], [batch]),
            (SegmentTotals(batches: -1, events: 2, payloadBytes: 3), [sender], [batch]),
            (SegmentTotals(batches: .max, events: 2, payloadBytes: 3), [sender], [batch]),
            (SegmentTotals(batches: 1, events: 3, payloadBytes: 3), [sender], [batch]), (right, [], [batch]),
        ] {
            SegmentSummary(number: 5, totals: totals, senders: senders, batches: batches).write(layout)
            #expect(FileReader.exists(layout.summaryPath(5)))
            #expect(SegmentSummary.read(5, layout) == nil)
        }
        SegmentSummary(number: 5, totals: right, senders: [sender], batches: [batch]).write(layout)
        #expect(SegmentSummary.read(5, layout)?.totals == right)
    }

    @Test
    func whatACrashLeftOpenGetsItsSummaryWithItsSeal() async throws {
        let spool = try await FilledSpool(seed: 10)
        let copy = SpoolLayout(root: spool.directory.path + "/copy")
        try copy.create()
        let writer = try SegmentWriter.open(layout: spool.layout, now: spool.clock.now)
        let stream = StreamHandle(StreamRecord(client: "late", source: "s", metadata: [1], openedAt: 0))
        try await writer.append(Batches.single(stream, [1, 2, 3], receivedAt: 44)).committed()
        let newest = try #require(try spool.layout.segmentNumbers().last)
        try SpoolImage.copy(newest, from: spool.layout, to: copy)
        await writer.shutdown()
        #expect(SegmentSummary.read(newest, copy) == nil)
        let next = try SegmentWriter.open(layout: copy, now: spool.clock.now)
        await next.shutdown()
        let summary = try #require(SegmentSummary.read(newest, copy))
        #expect(summary == SegmentSummary.read(newest, spool.layout))
        #expect(summary.sender(batch: 1) == StreamSender(name: "late", source: "s"))
        #expect(summary.headers(after: 0, limit: 10).map(\.receivedAt) == [44])
    }

    /// The summary tells of batches that can not be read any more: they are found out when they are read, one by one.
    @Test
    func aDamagedSegmentIsDeliveredButForWhatIsDamaged() async throws {
        let spool = try await FilledSpool(seed: 11)
        let segment = spool.segments[0]
        let log = spool.layout.segmentPath(segment) + "-wal"
        var bytes = try TemporaryDirectory.bytes(log)
        bytes[bytes.count / 2] ^= 1
        try TemporaryDirectory.write(bytes, to: log)
        try? FileManager.default.removeItem(atPath: spool.layout.segmentPath(segment) + "-shm")
        let reader = try SpoolReader(layout: spool.layout)
        let headers = try await spool.headerPages(reader).flatMap(\.headers).filter { $0.position.segment == segment }
        let read = try await reader.batches(at: headers.map(\.position))
        #expect(read.batches.count + read.damaged.count == headers.count)
        #expect(read.damaged.count <= 1)
        #expect(await reader.isSalvaged(segment))
    }

    /// After a return to a version that removes segments without their summaries.
    @Test
    func summariesOfSegmentsThatAreGoneGo() async throws {
        let spool = try await FilledSpool(seed: 12)
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: spool.layout.segmentPath(spool.segments[0]) + suffix)
        }
        let writer = try SegmentWriter.open(layout: spool.layout, now: spool.clock.now)
        await writer.shutdown()
        #expect(!FileReader.exists(spool.layout.summaryPath(spool.segments[0])))
        #expect(FileReader.exists(spool.layout.summaryPath(spool.segments[1])))
    }

    @Test
    func aTransactionThatFailsLeavesNothingInIt() {
        var summary = SegmentSummary(number: 1)
        summary.add(StreamSender(name: "a", source: "s"))
        summary.add(receivedAt: 1, stream: 1, events: 1, payloadBytes: 1)
        summary.add(StreamSender(name: "b", source: "s"))
        summary.add(receivedAt: 2, stream: 2, events: 1, payloadBytes: 1)
        summary.roll(backToBatches: 1, streams: 1)
        #expect(summary.batches.count == 1 && summary.senders.count == 1)
        let isWhole = summary.seal(SegmentTotals(batches: 1, events: 1, payloadBytes: 1))
        #expect(isWhole)
    }

    /// A spool of sealed segments with random batches of several streams.
    private struct FilledSpool {
        let directory: TemporaryDirectory
        let layout: SpoolLayout
        let clock = TestClock()
        let segments: [UInt64]
        let batches: Int

        init(seed: UInt64) async throws {
            directory = try TemporaryDirectory()
            layout = SpoolLayout(root: directory.path + "/spool")
            var generator = SeededGenerator(seed: seed)
            var limits = SegmentLimits.standard
            limits.segmentBytes = 200_000
            let writer = try SegmentWriter.open(layout: layout, limits: limits, now: clock.now)
            let streams = (0..<5).map { Batches.stream($0, using: &generator) }
            batches = 60
            for _ in 0..<batches {
                try await writer.append(Batches.random(streams[generator.below(5)], using: &generator)).committed()
            }
            await writer.shutdown()
            segments = try layout.segmentNumbers()
            #expect(segments.count > 2, "seed \(seed)")
        }

        func headerPages(_ reader: SpoolReader) async throws -> [HeaderPage] {
            var pages: [HeaderPage] = []
            var position = SpoolPosition.start
            while true {
                let page = try await reader.headers(after: position, limit: 7)
                guard let segment = page.segment else { return pages }
                pages.append(page)
                position = page.position
                if case .segmentFinished = page.end { position = SpoolPosition(segment: segment + 1, batch: 0) }
            }
        }
    }
}
