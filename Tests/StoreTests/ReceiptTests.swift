import Glibc
import TestSupport
import Testing

@testable import Store

/// Receipts: what is written is read, whatever is torn, and nothing grows without a bound.
@Suite struct ReceiptTests {
    private static let at: Int64 = 1_700_000_000_123_000_000

    private func layout() throws -> (TemporaryDirectory, SpoolLayout) {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        try layout.create()
        return (directory, layout)
    }

    private func resolution(_ segment: UInt64, _ batch: Int64, _ events: Range<Int>) -> Resolution {
        Resolution(segment: segment, batch: batch, events: events, batchEvents: 1000)
    }

    private func request(
        _ resolutions: [Resolution], _ references: DeliveryReferences, at: Int64 = Self.at
    ) -> DeliveredRequest {
        DeliveredRequest(at: at, resolutions: resolutions, references: references)
    }

    @Test func eachEventHasItsOwnID() async throws {
        let (directory, layout) = try layout()
        defer { withExtendedLifetime(directory) {} }
        let log = try ReceiptLog(layout: layout)
        let destination = DestinationID(row: 3)
        let ids: [UInt64] = [17_000_000_000_000_005, 17_000_000_000_000_001, 9, .max, 0]
        await log.append(
            [
                request([resolution(7, 1, 5..<7), resolution(7, 4, 0..<3)], .numbers(ids)),
                request([resolution(7, 2, 0..<2), resolution(8, 1, 0..<1)], .texts(["a", "b", "c ü"])),
                request([resolution(8, 2, 0..<9)], .place("/srv/events.ndjson")),
                request([resolution(8, 3, 0..<2)], .none),
                request([resolution(8, 4, 0..<2)], .numbers([1])),
            ], at: destination)
        let reader = ReceiptReader(layout: layout)
        func receipt(_ segment: UInt64, _ batch: Int64, _ event: Int) throws -> EventReceipt? {
            try reader.receipt(segment: segment, batch: batch, event: event, destination: 3)
        }
        let places: [(Int64, Int)] = [(1, 5), (1, 6), (4, 0), (4, 1), (4, 2)]
        for (place, id) in zip(places, ids) {
            #expect(try receipt(7, place.0, place.1) == EventReceipt(deliveredAt: Self.at, messageID: "\(id)"))
        }
        #expect(try receipt(7, 1, 4) == nil)
        #expect(try receipt(7, 1, 7) == nil)
        #expect(try receipt(7, 2, 1)?.messageID == "b")
        #expect(try receipt(8, 1, 0)?.messageID == "c ü", "a request over two segments")
        #expect(try receipt(8, 2, 8) == EventReceipt(deliveredAt: Self.at, place: "/srv/events.ndjson"))
        #expect(try receipt(8, 3, 1) == EventReceipt(deliveredAt: Self.at))
        #expect(try receipt(8, 4, 1) == EventReceipt(deliveredAt: Self.at), "ids that do not fit are left out")
        #expect(try reader.receipt(segment: 7, batch: 1, event: 5, destination: 4) == nil)
        await log.append([request([resolution(7, 1, 5..<6)], .numbers([42]), at: Self.at + 1_000_000)], at: destination)
        #expect(try receipt(7, 1, 5)?.messageID == "42", "the last one counts")
    }

    @Test func tornRecordsHideNothingThatFollows() async throws {
        let (directory, layout) = try layout()
        defer { withExtendedLifetime(directory) {} }
        let destination = DestinationID(row: 1)
        await (try ReceiptLog(layout: layout)).append(
            [request([resolution(7, 1, 0..<3)], .numbers([1, 2, 3]))], at: destination)
        let path = ReceiptFile.path(layout, segment: 7, destination: 1)
        let whole = try TemporaryDirectory.bytes(path)
        for count in whole.indices {
            try TemporaryDirectory.write(whole + Array(whole[..<count]), to: path)
            await (try ReceiptLog(layout: layout)).append(
                [request([resolution(7, 2, 0..<1)], .numbers([9]))], at: destination)
            let records = try ReceiptReader(layout: layout).records(segment: 7, destination: 1)
            #expect(records.map { $0.runs.map(\.batch) } == [[1], [2]], "cut at \(count)")
        }
    }

    @Test func damageNeverTraps() throws {
        var generator = SeededGenerator(seed: 5)
        let records = ReceiptRecord.records(
            of: request([resolution(7, 1, 0..<3), resolution(7, 3, 0..<1)], .numbers([1, 2, 3, 1 << 60])))
        var whole: [UInt8] = []
        for entry in records { entry.record.append(to: &whole) }
        for _ in 0..<20_000 {
            var bytes = whole
            for _ in 0...generator.below(3) { bytes[generator.below(bytes.count)] = UInt8(generator.below(256)) }
            var cursor = ReceiptCursor(bytes[...])
            while ReceiptRecord.next(&cursor) != nil {}
            // Without the checksum in the way.
            var body = ReceiptCursor(bytes[5...])
            while body.number() != nil {}
            _ = ReceiptRecord.decoded(bytes[5...])
        }
    }

    @Test func receiptsGoWithTheirSegments() async throws {
        let (directory, layout) = try layout()
        defer { withExtendedLifetime(directory) {} }
        let log = try ReceiptLog(layout: layout)
        for segment: UInt64 in [7, 70, 8] {
            await log.append([request([resolution(segment, 1, 0..<1)], .none)], at: DestinationID(row: 1))
            await log.append([request([resolution(segment, 1, 0..<1)], .none)], at: DestinationID(row: 2))
        }
        await log.remove(segment: 7)
        #expect(
            Set(try Directory.names(layout.receiptsDirectory))
                == ["70.1.receipts", "70.2.receipts", "8.1.receipts", "8.2.receipts"])
        try TemporaryDirectory.write([], to: layout.segmentPath(8))
        try TemporaryDirectory.write([], to: layout.receiptsDirectory + "/note.txt")
        await log.removeOrphans()
        #expect(Set(try Directory.names(layout.receiptsDirectory)) == ["8.1.receipts", "8.2.receipts", "note.txt"])
    }

    @Test func aFailureIsToldAndCostsNothingElse() async throws {
        let (directory, layout) = try layout()
        defer { withExtendedLifetime(directory) {} }
        try TemporaryDirectory.write([], to: layout.receiptsDirectory)
        let failures = Recorder<StoreError.Code>()
        let log = try ReceiptLog(layout: layout) { failures.record($0.code) }
        await log.append([request([resolution(7, 1, 0..<1)], .none)], at: DestinationID(row: 1))
        #expect(failures.values.count == 1)
        try TemporaryDirectory.remove(layout.receiptsDirectory)
        await log.append([request([resolution(7, 1, 0..<1)], .none)], at: DestinationID(row: 1))
        #expect(failures.values.count == 1)
        #expect(try ReceiptReader(layout: layout).records(segment: 7, destination: 1).count == 1)
    }
}
