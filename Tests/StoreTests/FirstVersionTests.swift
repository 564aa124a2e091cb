import TestSupport
import Testing

@testable import Store

/// A spool that the first released schema wrote: two segments, the second left open by a kill, and a ledger. It was made
/// once, by the code of commit 831d8e0, and never changes.
struct FirstVersionTests {
    private let directory: TemporaryDirectory
    private let layout: SpoolLayout
    private static let sealed: UInt64 = 1_700_000_002_000
    private static let open: UInt64 = 1_700_000_005_000
    private let first = StreamRecord(
        client: "instance-ü", source: "licensed_instance", metadata: Array("metadata".utf8), openedAt: 5)
    private let second = StreamRecord(client: "service", source: "service", metadata: [], openedAt: 6)

    init() throws {
        directory = try TemporaryDirectory()
        layout = SpoolLayout(root: directory.path + "/spool")
        try layout.create()
        let fixture = SpoolLayout(
            root: String(#filePath.dropLast("FirstVersionTests.swift".count)) + "Fixtures/version-1")
        for number in [Self.sealed, Self.open] { try SpoolImage.copy(number, from: fixture, to: layout) }
        try TemporaryDirectory.copy(fixture.ledgerPath, to: layout.ledgerPath)
    }

    private func expectBatches() async throws {
        let reader = try SpoolReader(layout: layout)
        let drain = try await Drain(reader)
        #expect(drain.damaged.isEmpty)
        #expect(
            drain.batches.map { batch in (0..<batch.eventCount).map { batch.withEvent($0) { [UInt8]($0) } } }
                == [["one", "two", "three"], ["four"], ["five"]].map { $0.map { Array($0.utf8) } })
        #expect(drain.batches.map(\.receivedAt) == [100, 200, 300])
        var streams: [StreamRecord?] = []
        for batch in drain.batches {
            streams.append(try await reader.stream(batch.stream, segment: batch.segment)?.record)
        }
        #expect(streams == [first, second, first])
        let quarantined = try await reader.quarantined(segment: Self.sealed, after: 0, limit: 10)
        #expect(quarantined.events.map(\.bytes) == [Array("refused".utf8)])
        #expect(quarantined.events.map(\.stream) == [first])
    }

    @Test
    func isReadAsItWasWritten() async throws {
        let connection = try SegmentFile.openForReading(path: layout.segmentPath(Self.sealed))
        #expect(try MigrationRunner(schema: .segment).checkedVersion(connection) == 1)
        connection.close()
        try await expectBatches()
        // By `gatewayctl`, too, beside a forwarder that has not brought its ledger up.
        let inspector = SpoolInspector(layout: layout)
        #expect(try inspector.status().stored.events == 5)
        #expect(try inspector.status().destinations.map(\.waiting.events) == [4])
        let quarantined = try inspector.quarantined(limit: 10)
        #expect(quarantined.map(\.bytes) == [Array("old event".utf8), Array("refused".utf8)])
        #expect(quarantined.map(\.stream.client) == ["instance-ü", "instance-ü"])
        #expect(quarantined.map(\.stream.origin) == [.stream, .stream])
    }

    /// A new ingest seals what the old one left and goes on in a segment of its own version; a new forwarder brings the
    /// ledger up and keeps what is in it.
    @Test
    func isTakenOver() async throws {
        let clock = TestClock()
        let log = ObserverLog()
        let writer = try SegmentWriter.open(
            layout: layout, duplicates: Marked.detection(), now: clock.now, observer: log.observer)
        #expect(log.entries.sealed[Self.open]?.events == 1)
        #expect(log.entries.leftUnsealed.isEmpty && log.entries.restored.map(\.problems) == [[]])
        try await expectBatches()
        let new = StreamRecord(
            client: "c", source: "s", metadata: [], openedAt: 7, origin: .unary, traceparent: "00-trace-span-01")
        let refused = QuarantineRecord(offset: 0, length: 3, reason: "r", detail: "d", eventID: [1])
        try await writer.append(
            BatchRecord(
                stream: StreamHandle(new), receivedAt: 400, payload: Array("six".utf8), index: [],
                quarantined: [refused])
        ).committed()
        await writer.shutdown()
        let numbers = try layout.segmentNumbers()
        #expect(numbers.count == 3)
        let reader = try SpoolReader(layout: layout)
        let ledger = try await DeliveryLedger.open(layout: layout, now: clock.now)
        let progress = try await ledger.progress(of: ledger.register(destination: "d"))
        #expect(progress[Self.sealed]?.remaining(batch: 1, total: 3) == [1..<3])
        for number in numbers {
            try await ledger.keep(reader.quarantined(segment: number, after: 0, limit: 10).events)
        }
        try await ledger.shutdown()
        for number in numbers { try await reader.remove(segment: number, damaged: false) }
        // What can be replayed knows where it came from, long after its segment.
        let kept = try SpoolInspector(layout: layout).quarantined(limit: 10)
        #expect(kept.map(\.bytes) == ["old event", "refused", "six"].map { Array($0.utf8) })
        #expect(kept.map(\.stream.origin) == [.stream, .stream, .unary])
        #expect(kept.map(\.stream.traceparent) == ["", "", "00-trace-span-01"])
    }

    @Test
    func isSalvagedWhenItIsDamaged() async throws {
        // The header's version number of the first page, in the log: no build of any version may lose the rest by it.
        let path = layout.segmentPath(Self.sealed) + "-wal"
        var bytes = try TemporaryDirectory.bytes(path)
        for offset in bytes.indices.dropLast(4)
        where bytes[offset..<(offset + 4)].elementsEqual([0x54, 0x47, 0x53, 0x47]) {
            // `user_version` is eight bytes before `application_id`.
            bytes[offset - 5] = 0x63
        }
        try TemporaryDirectory.write(bytes, to: path)
        let drain = try await Drain(SpoolReader(layout: layout))
        #expect(drain.batches.map(\.receivedAt) == [100, 200, 300])
    }
}
