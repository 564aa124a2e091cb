import Testing

@testable import Store

/// What is stored of a group whose events came before.
struct DuplicateFilterTests {
    private let stream = Marked.stream()

    private func filter() throws -> DuplicateFilter {
        DuplicateFilter(window: try DuplicateWindow(bytes: 1 << 16, age: 1_000_000))
    }

    private func ids(_ record: BatchRecord) -> [UInt64] {
        stride(from: 0, to: record.index.count, by: 2).map { place in
            let start = Int(record.index[place])
            let end = start + Int(record.index[place + 1])
            return record.payload[start..<end].withUnsafeBytes { Marked.id($0) }
        }
    }

    @Test
    func withinABatchWithinAGroupAndAcrossGroups() throws {
        let filter = try filter()
        let first = filter.filter(
            [
                Marked.batch(stream, [1, 2, 1, 3, 3, 1], receivedAt: 1, filler: 7),
                Marked.batch(stream, [4, 2, 5], receivedAt: 1), Marked.batch(stream, [5, 4], receivedAt: 1),
            ], now: 1)
        #expect(first.duplicates == [[2, 4, 5], [1], [0, 1]])
        #expect(first.duplicateCount == 6)
        // The batch that has nothing left is not stored.
        #expect(first.records.map(ids) == [[1, 2, 3], [4, 5]])
        let second = filter.filter([Marked.batch(stream, [6, 1, 7], receivedAt: 2)], now: 2)
        #expect(second.duplicates == [[1]])
        #expect(second.records.map(ids) == [[6, 7]])
        // The payload stays as it was received.
        #expect(second.records[0].payload == Marked.batch(stream, [6, 1, 7], receivedAt: 2).payload)
    }

    @Test
    func whatIsNotDuplicateStaysEvenAlone() throws {
        let filter = try filter()
        let refused = QuarantineRecord(offset: 0, length: 1, reason: "r", detail: "d", eventID: [])
        _ = filter.filter([Marked.batch(stream, [1, 2], receivedAt: 1)], now: 1)
        let empty = BatchRecord(stream: stream, receivedAt: 1, payload: [9], index: [])
        let unchecked = Batches.single(stream, [1, 2, 3])
        let group = filter.filter(
            [
                Marked.batch(stream, [2, 1], receivedAt: 1, quarantined: [refused]), empty, unchecked, unchecked,
                Marked.batch(Marked.stream("other"), [1, 2], receivedAt: 1),
            ], now: 2)
        #expect(group.duplicates == [[0, 1], [], [], [], []])
        #expect(group.records.map(\.eventCount) == [0, 0, 1, 1, 2])
        #expect(group.records[0].quarantined == [refused])
    }

    @Test
    func aGroupThatFailedIsForgotten() throws {
        let filter = try filter()
        _ = filter.filter([Marked.batch(stream, [1, 2], receivedAt: 1)], now: 1)
        let batches = [Marked.batch(stream, [2, 3, 3], receivedAt: 1), Marked.batch(stream, [3, 4], receivedAt: 1)]
        for _ in 0..<3 {
            let group = filter.filter(batches, now: 2)
            #expect(group.duplicates == [[0, 2], [0]])
            #expect(group.records.map(ids) == [[3], [4]])
            filter.rollBack(group)
        }
        #expect(filter.filter([Marked.batch(stream, [1, 2], receivedAt: 1)], now: 3).duplicates == [[0, 1]])
    }
}
