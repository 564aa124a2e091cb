import TestSupport
import Testing

@testable import Store

/// What a starting writer remembers of the segments on disk.
struct DuplicateRestoreTests {
    private let directory: TemporaryDirectory
    private let layout: SpoolLayout
    private let clock = TestClock()
    private let stream = Marked.stream()
    private let start: Int64 = 1_700_000_000_000_000_000

    init() throws {
        directory = try TemporaryDirectory()
        layout = SpoolLayout(root: directory.path + "/spool")
    }

    /// One segment with a batch of ten events for each number: batch 3 has the ids 30 to 39.
    private func write(_ batches: Range<UInt64>, ageOfEach: Int64 = 0) async throws {
        let writer = try SegmentWriter.open(layout: layout, now: clock.now)
        for number in batches {
            let ids = Array(number * 10..<(number + 1) * 10)
            try await writer.append(Marked.batch(stream, ids, receivedAt: start - ageOfEach)).committed()
        }
        await writer.shutdown()
    }

    /// Starts a writer and sends ids again.
    /// - Returns: those that it knew.
    private func known(
        of ids: Range<UInt64>, _ detection: DuplicateDetection = Marked.detection()
    ) async throws -> (known: Set<UInt64>, restored: RestoredDuplicates) {
        let log = ObserverLog()
        let writer = try SegmentWriter.open(
            layout: layout, duplicates: detection, now: clock.now, observer: log.observer)
        let restored = try #require(log.entries.restored.first, "told before the writer is there")
        let duplicates = try await writer.append(
            Marked.batch(Marked.stream(), Array(ids), receivedAt: start)
        ).committed()
        await writer.shutdown()
        return (Set(duplicates.map { ids.lowerBound + UInt64($0) }), restored)
    }

    @Test
    func everythingOfEverySegment() async throws {
        try await write(0..<5)
        try await write(5..<6)
        try await write(6..<20)
        let (known, restored) = try await known(of: 0..<300)
        #expect(known == Set(0..<200))
        #expect(restored.events == 200 && restored.segments == 3)
        #expect(restored.problems == [] && !restored.ranOutOfTime)
    }

    @Test
    func theNewestWhenThereIsNoRoomForAll() async throws {
        try await write(0..<20)
        try await write(20..<40)
        let (known, restored) = try await known(of: 0..<400, Marked.detection(bytes: 4096))
        #expect(restored.capacity == 192 && restored.events == 192)
        // The batch is longer than the window: its first new events push out the oldest of what was restored, one by
        // one, and catch up with none of it.
        #expect(known.isEmpty)
        let (again, _) = try await self.known(of: 300..<400, Marked.detection(bytes: 4096))
        #expect(again == Set(300..<400))
    }

    /// First in, first out goes on across a restart.
    @Test
    func theOldestGoFirst() async throws {
        try await write(0..<30)
        let log = ObserverLog()
        let writer = try SegmentWriter.open(
            layout: layout, duplicates: Marked.detection(bytes: 4096), now: clock.now, observer: log.observer)
        // Remembered: 108 to 299. Two new ones take the place of 108 and 109.
        #expect(try await writer.append(Marked.batch(stream, [1000, 1001], receivedAt: start)).committed() == [])
        #expect(
            try await writer.append(Marked.batch(stream, [110, 299, 111], receivedAt: start)).committed() == [0, 1, 2])
        #expect(try await writer.append(Marked.batch(stream, [109], receivedAt: start)).committed() == [])
        #expect(try await writer.append(Marked.batch(stream, [110], receivedAt: start)).committed() == [])
        await writer.shutdown()
    }

    @Test
    func nothingThatIsTooOld() async throws {
        let hour: Int64 = 3600 * 1_000_000_000
        try await write(0..<3, ageOfEach: 26 * hour)
        try await write(3..<6, ageOfEach: 23 * hour)
        try await write(6..<9)
        let (known, restored) = try await known(of: 0..<100)
        #expect(known == Set(30..<90))
        #expect(restored.events == 60)
        // And none that is of the future, by a clock that was set back, is remembered for longer than others.
        let window = try DuplicateWindow(bytes: 0, age: hour)
        let writer = try SegmentWriter.open(layout: layout, now: clock.now)
        try await writer.append(Marked.batch(stream, [5000], receivedAt: .max)).committed()
        await writer.shutdown()
        let restore = WindowRestore(layout: layout, detection: Marked.detection(age: hour), now: start)
        _ = restore.run(window)
        let fingerprint = Marked.fingerprint(5000, of: stream.record)
        #expect(window.contains(Fingerprint(fingerprint.0, fingerprint.1)))
        window.advance(to: start + 2 * hour)
        #expect(window.count == 0)
    }

    @Test
    func afterAKillToo() async throws {
        let source = SpoolLayout(root: directory.path + "/source")
        let writer = try SegmentWriter.open(layout: source, now: clock.now)
        try await writer.append(Marked.batch(stream, [1, 2, 3], receivedAt: start)).committed()
        let number = try #require(try source.segmentNumbers().first)
        try layout.create()
        try SpoolImage.copy(number, from: source, to: layout)
        await writer.shutdown()
        #expect(try await known(of: 0..<10).known == [1, 2, 3])
    }

    /// Batches that can not be delivered must be taken when they come again; the rest still counts.
    @Test
    func damagedBatchesAreNotRemembered() async throws {
        try await write(0..<4)
        try await write(4..<8)
        let connection = try SegmentFile.openForSealing(path: layout.segmentPath(try layout.segmentNumbers()[1]))
        try connection.execute("UPDATE batch SET payload = zeroblob(length(payload)) WHERE id = 2")
        connection.close()
        let (known, restored) = try await known(of: 0..<80)
        #expect(known == Set(0..<80).subtracting(50..<60))
        #expect(restored.problems.count == 1)
    }

    @Test
    func damagedSegmentsDoNotStopTheStart() async throws {
        for first in stride(from: 0 as UInt64, to: 16, by: 4) { try await write(first..<(first + 4)) }
        let numbers = try layout.segmentNumbers()
        let second = layout.segmentPath(numbers[1])
        var log = try TemporaryDirectory.bytes(second + "-wal")
        // In the middle: SQLite sees no seal.
        log[log.count / 2] ^= 1
        try TemporaryDirectory.write(log, to: second + "-wal")
        try TemporaryDirectory.write([1], to: layout.segmentPath(numbers[2]))
        let (known, restored) = try await known(of: 0..<160)
        #expect(known == Set(0..<40).union(120..<160))
        #expect(restored.problems.count == 2)
        #expect(restored.segments == 2)
    }

    @Test
    func theTimeIsLimited() async throws {
        try await write(0..<10)
        let (known, restored) = try await known(of: 0..<100, Marked.detection(restoreTime: 0))
        #expect(known.isEmpty && restored.ranOutOfTime && restored.events == 0)
    }

    @Test
    func nothingYet() async throws {
        let (known, restored) = try await known(of: 0..<10)
        #expect(known.isEmpty && restored.events == 0 && restored.segments == 0 && restored.problems == [])
    }
}
