import Testing

@testable import Store

struct SpoolReaderTests {
    @Test
    func manySegmentsAreNotAllOpenAtOnce() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        var limits = SegmentLimits.standard
        limits.segmentBytes = 1
        let writer = try SegmentWriter.open(layout: layout, limits: limits, now: TestClock().now)
        let stream = StreamHandle(StreamRecord(client: "c", source: "s", metadata: [1], openedAt: 0))
        let count = 40
        for number in 0..<count { try await writer.append(Batches.single(stream, [UInt8(number)])).committed() }
        await writer.shutdown()
        let segments = try layout.segmentNumbers()
        #expect(segments.count == count)
        let reader = try SpoolReader(layout: layout)
        _ = try await reader.page(after: .start, maximumBytes: 1 << 20)
        #expect(layout.openSegments == 1)
        let drain = try await Drain(reader)
        #expect(drain.batches.map { Int($0.payload[0]) } == Array(0..<count))
        #expect(layout.openSegments == SpoolReader.maximumOpenSegments)
        for segment in segments.reversed() {
            #expect(try await reader.stream(1, segment: segment)?.record == stream.record)
        }
        #expect(layout.openSegments == SpoolReader.maximumOpenSegments)
        for segment in segments { try await reader.remove(segment: segment, damaged: false) }
        #expect(layout.openSegments == 0)
        #expect(try Directory.names(layout.segmentsDirectory).isEmpty)
    }

    @Test
    func anOpenReaderSeesWhatIsWrittenLaterAndTheSeal() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let reader = try SpoolReader(layout: layout)
        #expect(throws: StoreError.self) { try layout.segmentNumbers() }
        let writer = try SegmentWriter.open(layout: layout, now: TestClock().now)
        #expect(try await reader.page(after: .start, maximumBytes: 1).end == .caughtUp)
        let stream = StreamHandle(StreamRecord(client: "c", source: "s", metadata: [], openedAt: 0))
        try await writer.append(Batches.single(stream, [1])).committed()
        let first = try await reader.page(after: .start, maximumBytes: 1)
        #expect(first.batches.map(\.payload) == [[1]])
        #expect(try await reader.page(after: first.position, maximumBytes: 1).end == .caughtUp)
        try await writer.append(Batches.single(stream, [2])).committed()
        await writer.shutdown()
        let second = try await reader.page(after: first.position, maximumBytes: 1)
        #expect(second.batches.map(\.payload) == [[2]])
        #expect(second.end == .segmentFinished(SegmentTotals(batches: 2, events: 2, payloadBytes: 2)))
    }
}
