import TestSupport
import Testing

@testable import Store

/// Numbers of segments only grow, whatever happens to the clock, the files and the processes.
@Suite struct SegmentNumberTests {
    private static let now: Int64 = 1_700_000_000_000_000_000
    private static let hour: Int64 = 3_600_000_000_000

    /// Writes one batch as an ingest that starts at a time, and gives the segment's number.
    private func write(_ layout: SpoolLayout, at now: Int64) async throws -> UInt64 {
        let writer = try SegmentWriter.open(layout: layout, now: { now })
        var generator = SeededGenerator(seed: 1)
        try await writer.append(Batches.single(Batches.stream(1, using: &generator), [1, 2, 3])).committed()
        await writer.shutdown()
        return try #require(try layout.segmentNumbers().last)
    }

    @Test func aClockThatIsSetBackWithAnEmptySpoolMakesNoSmallerNumber() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let first = try await write(layout, at: Self.now)
        // Delivered and removed.
        try layout.unlinkSegment(first)
        let second = try await write(layout, at: Self.now - Self.hour)
        #expect(second == first + 1)
        try layout.unlinkSegment(second)
        #expect(try await write(layout, at: Self.now - 2 * Self.hour) == second + 1)
        #expect(try await write(layout, at: Self.now + Self.hour) == UInt64((Self.now + Self.hour) / 1_000_000))
    }

    /// What a forwarder does that has passed the first segment: it looks from there on.
    @Test func aForwarderThatHasPassedAllSeesWhatComesAfterTheClockWasSetBack() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let first = try await write(layout, at: Self.now)
        try layout.unlinkSegment(first)
        let second = try await write(layout, at: Self.now - Self.hour)
        let reader = try SpoolReader(layout: layout)
        let page = try await reader.headers(after: SpoolPosition(segment: first + 1, batch: 0), limit: 10)
        #expect(page.headers.map(\.position.segment) == [second])
    }

    @Test(arguments: [
        "", "x", "0000000000000000001", "-0000000000000000001\n", "99999999999999999999\n",
        "00000000000000000001\nmore",
    ])
    func aFileThatSaysNothingIsNoReasonNotToStart(_ text: String) async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        try layout.create()
        try TemporaryDirectory.write(Array(text.utf8), to: layout.newestSegmentPath)
        #expect(NewestSegment(layout: layout).read() == 0)
        let number = try await write(layout, at: Self.now)
        #expect(number == UInt64(Self.now / 1_000_000))
        #expect(NewestSegment(layout: layout).read() == number)
    }
}
