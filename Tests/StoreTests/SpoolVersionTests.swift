import TestSupport
import Testing

@testable import Store

struct SpoolVersionTests {
    private let directory: TemporaryDirectory
    private let layout: SpoolLayout
    private let clock = TestClock()

    init() throws {
        directory = try TemporaryDirectory()
        layout = SpoolLayout(root: directory.path + "/spool")
    }

    private func versions() throws -> [SpoolFileVersion] { try SpoolInspector(layout: layout).versions() }

    /// Every file below the spool, with its bytes.
    private func image() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for folder in [layout.root, layout.segmentsDirectory] {
            for name in try Directory.names(folder) where !Directory.isDirectory("\(folder)/\(name)") {
                files["\(folder)/\(name)"] = try TemporaryDirectory.bytes("\(folder)/\(name)")
            }
        }
        return files
    }

    private func fillSpool(leavingOpen: Bool = false) async throws -> SegmentWriter {
        let writer = try SegmentWriter.open(layout: layout, now: clock.now)
        let stream = StreamHandle(StreamRecord(client: "c", source: "s", metadata: [], openedAt: 0))
        try await writer.append(Batches.single(stream, [1])).committed()
        if !leavingOpen { await writer.shutdown() }
        return writer
    }

    @Test func theFirstFormatIsToldAndLeftAsItWas() throws {
        try layout.create()
        let fixture = SpoolLayout(
            root: String(#filePath.dropLast("SpoolVersionTests.swift".count)) + "Fixtures/version-1")
        for number in try fixture.segmentNumbers() { try SpoolImage.copy(number, from: fixture, to: layout) }
        try TemporaryDirectory.copy(fixture.ledgerPath, to: layout.ledgerPath)
        let before = try image()
        let found = try versions()
        #expect(found.map(\.kind) == [.segment, .segment, .ledger])
        #expect(found.map(\.version) == [1, 1, 1])
        #expect(found.compactMap(\.problem).isEmpty)
        #expect(found.first?.name == "segments/00000001700000002000.segment")
        #expect(try image() == before, "not even an index of a log is made")
    }

    /// Beside writers, whose newest pages are in the logs alone.
    @Test func writersDoNotMatter() async throws {
        let writer = try await fillSpool(leavingOpen: true)
        let ledger = try await DeliveryLedger.open(layout: layout, now: clock.now)
        #expect(
            try versions().map(\.version) == [SpoolFormat.current.segmentVersion, SpoolFormat.current.ledgerVersion])
        try await ledger.shutdown()
        await writer.shutdown()
        #expect(
            try versions().map(\.version) == [SpoolFormat.current.segmentVersion, SpoolFormat.current.ledgerVersion])
        #expect(try versions().allSatisfy(SpoolFormat.current.reads))
    }

    @Test func aNewerVersionIsSeenInTheLogBeforeItIsInTheFile() async throws {
        _ = try await fillSpool()
        try await DeliveryLedger.open(layout: layout, now: clock.now).shutdown()
        let connection = try Connection(path: layout.ledgerPath)
        try connection.execute("PRAGMA wal_autocheckpoint = 0")
        try connection.execute("PRAGMA user_version = 99")
        #expect(FileReader.size(layout.ledgerPath + "-wal") ?? 0 > 0)
        #expect(try versions().map(\.version) == [SpoolFormat.current.segmentVersion, 99])
        #expect(try versions().map(SpoolFormat.current.reads) == [true, false])
        // What was not committed, or never whole, counts for nothing.
        try connection.execute("BEGIN IMMEDIATE")
        try connection.execute("PRAGMA user_version = 100")
        try connection.execute("PRAGMA cache_spill = 1")
        #expect(try versions().last?.version == 99)
        try connection.execute("ROLLBACK")
        connection.close()
        let log = try TemporaryDirectory.bytes(layout.ledgerPath + "-wal")
        try TemporaryDirectory.write(Array(log.dropLast()), to: layout.ledgerPath + "-wal")
        #expect(try versions().last?.version == SpoolFormat.current.ledgerVersion)
    }

    @Test func damageIsToldAndNoVersionIsMadeUp() async throws {
        _ = try await fillSpool()
        let number = try #require(try layout.segmentNumbers().first)
        var bytes = try TemporaryDirectory.bytes(layout.segmentPath(number) + "-wal")
        // The first frame: nothing of the log can be told apart from what a crash leaves, and the file has no schema yet.
        bytes[40] ^= 1
        try TemporaryDirectory.write(bytes, to: layout.segmentPath(number) + "-wal")
        try TemporaryDirectory.write(Array(repeating: 7, count: 4096), to: layout.ledgerPath)
        let found = try versions()
        #expect(found.map(\.version) == [0, nil])
        #expect(found.last?.problem?.contains("ledger.db: its header can not be read") == true)
        #expect(found.map(SpoolFormat.current.reads) == [true, false])

        let other = try Connection(path: directory.path + "/other.db", mode: .create)
        try other.execute("PRAGMA application_id = 5; PRAGMA user_version = 1; CREATE TABLE a (x INTEGER)")
        other.close()
        try TemporaryDirectory.write(
            TemporaryDirectory.bytes(directory.path + "/other.db"), to: layout.ledgerPath)
        #expect(try versions().last?.problem?.contains("not a ledger of this gateway (application_id 5") == true)
        try TemporaryDirectory.write([], to: layout.ledgerPath)
        #expect(try versions().last == SpoolFileVersion(kind: .ledger, name: "ledger.db", version: 0))
    }

    @Test func withoutASpoolThereIsNoAnswer() throws {
        let error = #expect(throws: StoreError.self) { try versions() }
        #expect(error?.code == .missingParent)
        try layout.create()
        #expect(try versions().isEmpty)
    }

    @Test func formatsOnlyGrow() {
        let released = SpoolFormat.released
        #expect(released.map(\.number) == Array(1...released.count))
        for (older, newer) in zip(released, released.dropFirst()) {
            #expect(older.segmentVersion <= newer.segmentVersion && older.ledgerVersion <= newer.ledgerVersion)
            #expect(older.segmentVersion < newer.segmentVersion || older.ledgerVersion < newer.ledgerVersion)
            #expect(newer.previous == older)
        }
        #expect(released.first?.previous == nil)
        #expect(SpoolFormat.current(segmentVersion: 2, ledgerVersion: 2) == released[1])
        let next = SpoolFormat.current(segmentVersion: 90, ledgerVersion: 91)
        #expect(next == SpoolFormat(number: released.count + 1, segmentVersion: 90, ledgerVersion: 91))
        #expect(next.previous == released.last)
    }
}
