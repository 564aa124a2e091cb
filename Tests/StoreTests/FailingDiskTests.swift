import Glibc
import TestSupport
import Testing

@testable import Store

/// A full or broken disk: what is acknowledged is there, what is not is refused, and writing goes on afterwards.
struct FailingDiskTests {
    @Test(arguments: [(ENOSPC, StoreError.Code.full), (EDQUOT, .full), (EIO, .io), (EFBIG, .io)])
    func writingGoesOnAfterwards(error: Int32, code: StoreError.Code) async throws {
        let seed: UInt64 = 71
        var generator = SeededGenerator(seed: seed)
        let directory = try TemporaryDirectory()
        defer { DiskFaults.lift(below: directory.path) }
        let layout = SpoolLayout(root: directory.path + "/spool")
        let log = ObserverLog()
        let writer = try SegmentWriter.open(layout: layout, now: TestClock().now, observer: log.observer)
        let streams = (0..<3).map { Batches.stream($0, using: &generator) }
        var kept: [BatchRecord] = []
        var refused = 0
        for round in 0..<12 {
            // The fault comes at once, in the middle of a log, in the middle of a transaction that spilled, …
            DiskFaults.fail(below: directory.path, with: error, afterBytes: [0, 30_000, 400_000][round % 3])
            for number in 0..<8 {
                let batch = Batches.single(streams[number % 3], Batches.bytes(120_000, using: &generator))
                do {
                    try await writer.append(batch).committed()
                    kept.append(batch)
                } catch {
                    #expect(error.code == code, "seed \(seed): \(error)")
                    refused += 1
                }
            }
            DiskFaults.lift(below: directory.path)
            // Shorter and longer than what failed: nothing of a failed transaction may shine through.
            for size in [10, 50_000].shuffled(using: &generator) {
                let batch = Batches.single(streams[round % 3], Batches.bytes(size, using: &generator))
                try await writer.append(batch).committed()
                kept.append(batch)
            }
        }
        await writer.shutdown()
        #expect(refused > 12)
        #expect(log.entries.failures.count == refused)
        // On a full disk the segment stays good; after any other failure nothing more goes into it.
        #expect((log.entries.opened.count == 1) == (code == .full))
        try await expect(kept, in: layout, streams)
        // And the same for one who has to recover from the log.
        let copy = SpoolLayout(root: directory.path + "/copy")
        try copy.create()
        for number in try layout.segmentNumbers() { try SpoolImage.copy(number, from: layout, to: copy) }
        try await expect(kept, in: copy, streams)
    }

    @Test
    func aDiskThatIsFullFromTheStartCollectsNoFiles() async throws {
        let directory = try TemporaryDirectory()
        defer { DiskFaults.lift(below: directory.path) }
        let layout = SpoolLayout(root: directory.path + "/spool")
        let writer = try SegmentWriter.open(layout: layout, now: TestClock().now)
        let stream = StreamHandle(StreamRecord(client: "c", source: "s", metadata: [], openedAt: 0))
        for room in stride(from: 0, to: 200_000, by: 20_000) {
            DiskFaults.fail(below: directory.path, with: ENOSPC, afterBytes: room)
            let error = await #expect(throws: StoreError.self) {
                try await writer.append(Batches.single(stream, [UInt8](repeating: 1, count: 300_000))).committed()
            }
            #expect(error?.code == .full)
        }
        #expect(try layout.segmentNumbers().count <= 1)
        DiskFaults.lift(below: directory.path)
        try await writer.append(Batches.single(stream, [1])).committed()
        await writer.shutdown()
        #expect(try await Drain(SpoolReader(layout: layout)).batches.map(\.payload) == [[1]])
    }

    @Test
    func aLedgerOnAFullDiskForgetsNothingAndGoesOn() async throws {
        let directory = try TemporaryDirectory()
        defer { DiskFaults.lift(below: directory.path) }
        let layout = SpoolLayout(root: directory.path + "/spool")
        let ledger = try await DeliveryLedger.open(layout: layout, now: TestClock().now)
        let destination = try await ledger.register(destination: "d")
        let batches = (1...5).map { Resolution(segment: 1, batch: $0, events: 0..<1, batchEvents: 1) }
        try await ledger.record([batches[0]], at: destination, deliveredBytes: 1)
        DiskFaults.fail(below: directory.path, with: ENOSPC)
        let error = await #expect(throws: StoreError.self) {
            try await ledger.record([batches[1]], at: destination, deliveredBytes: 1)
        }
        #expect(error?.code == .full)
        #expect(await ledger.progress(of: destination)[1]?.throughBatch == 1)
        DiskFaults.lift(below: directory.path)
        try await ledger.record(batches, at: destination, deliveredBytes: 4)
        try await ledger.shutdown()
        let again = try await DeliveryLedger.open(layout: layout, now: TestClock().now)
        let progress = try await again.progress(of: again.register(destination: "d"))
        #expect(progress == [1: SegmentProgress(throughBatch: 5, deliveredEvents: 5)])
        try await again.shutdown()
    }

    private func expect(_ kept: [BatchRecord], in layout: SpoolLayout, _ streams: [StreamHandle]) async throws {
        let reader = try SpoolReader(layout: layout)
        let drain = try await Drain(reader)
        #expect(drain.damaged.isEmpty)
        // A failed transaction may be in the file after all: it is then sent, and written, twice.
        var rest = drain.batches[...]
        for record in kept {
            rest = rest.drop { !$0.holds(record) }
            let found = try #require(rest.first, "an acknowledged batch is missing")
            let stream = try await reader.stream(found.stream, segment: found.segment)
            #expect(stream?.record == record.stream.record)
            rest = rest.dropFirst()
        }
    }
}
