import Testing

@testable import Store

struct MigrationTests {
    private let one = Array("CREATE TABLE a (x INTEGER) STRICT; INSERT INTO a VALUES (1);".utf8)
    private let two = Array("ALTER TABLE a ADD COLUMN y INTEGER; UPDATE a SET y = 2;".utf8)

    private func schema(_ migrations: [[UInt8]], applicationID: Int64 = 77) -> Schema {
        Schema(name: "test schema", applicationID: applicationID, migrations: migrations)
    }

    @Test
    func freshThenAgainThenOneMore() throws {
        let directory = try TemporaryDirectory()
        let connection = try Connection(path: directory.path + "/db", mode: .create)
        #expect(try MigrationRunner(schema: schema([one])).checkedVersion(connection) == 0)
        for _ in 0..<2 {
            try MigrationRunner(schema: schema([one])).migrate(connection)
            #expect(try connection.integer("PRAGMA user_version") == 1)
            #expect(try connection.integer("PRAGMA application_id") == 77)
            #expect(try connection.integer("SELECT count(*) FROM a") == 1)
        }
        // One version older than the newest is readable, and can be brought up.
        #expect(try MigrationRunner(schema: schema([one, two])).checkedVersion(connection) == 1)
        try MigrationRunner(schema: schema([one, two])).migrate(connection)
        #expect(try connection.integer("SELECT y FROM a") == 2)
        #expect(try connection.integer("PRAGMA user_version") == 2)
    }

    @Test
    func aNewerFileIsRefused() throws {
        let directory = try TemporaryDirectory()
        let connection = try Connection(path: directory.path + "/db", mode: .create)
        try MigrationRunner(schema: schema([one, two])).migrate(connection)
        let error = #expect(throws: StoreError.self) { try MigrationRunner(schema: schema([one])).migrate(connection) }
        #expect(error?.code == .newerVersion)
        #expect(error?.message.contains("version 2 is newer than version 1") == true)
    }

    @Test
    func anotherKindOfFileIsRefused() throws {
        let directory = try TemporaryDirectory()
        let connection = try Connection(path: directory.path + "/db", mode: .create)
        try MigrationRunner(schema: schema([one])).migrate(connection)
        let error = #expect(throws: StoreError.self) {
            try MigrationRunner(schema: schema([one], applicationID: 78)).migrate(connection)
        }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains("not a test schema") == true)
    }

    @Test
    func aFailingMigrationRollsBackWhole() throws {
        let directory = try TemporaryDirectory()
        let connection = try Connection(path: directory.path + "/db", mode: .create)
        let failing = Array("CREATE TABLE b (x INTEGER); INSERT INTO a VALUES (5); SELECT nothing FROM nowhere;".utf8)
        #expect(throws: StoreError.self) { try MigrationRunner(schema: schema([one, failing])).migrate(connection) }
        #expect(try connection.integer("PRAGMA user_version") == 1)
        #expect(try connection.integer("SELECT count(*) FROM a") == 1)
        #expect(try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'b'") == 0)
        try MigrationRunner(schema: schema([one, two])).migrate(connection)
        #expect(try connection.integer("PRAGMA user_version") == 2)
    }

    @Test
    func aSegmentOfANewerBuildStopsTheReaderButNotIngest() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let clock = TestClock()
        let stream = StreamHandle(StreamRecord(client: "c", source: "s", metadata: [], openedAt: 0))
        let writer = try SegmentWriter.open(layout: layout, now: clock.now)
        try await writer.append(Batches.single(stream, [1])).committed()
        await writer.shutdown()
        let number = try #require(try layout.segmentNumbers().first)
        let connection = try SegmentFile.openForSealing(path: layout.segmentPath(number))
        try connection.execute("PRAGMA user_version = 99")
        connection.close()
        try #require(SegmentSummary.read(number, layout)).write(layout, schemaVersion: 99)
        let error = await #expect(throws: StoreError.self) {
            try await SpoolReader(layout: layout).page(after: .start, maximumBytes: 1)
        }
        #expect(error?.code == .newerVersion)
        #expect(error?.message.contains("run the newer build") == true)
        #expect(throws: StoreError.self) { try SpoolInspector(layout: layout).status() }
        let log = ObserverLog()
        let next = try SegmentWriter.open(layout: layout, now: clock.now, observer: log.observer)
        try await next.append(Batches.single(stream, [2])).committed()
        await next.shutdown()
        #expect(log.entries.leftUnsealed[number]?.code == .newerVersion)
        #expect(try layout.segmentNumbers().count == 2)
    }

    @Test
    func aLedgerOfANewerBuildIsRefused() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let clock = TestClock()
        try await DeliveryLedger.open(layout: layout, now: clock.now).shutdown()
        let connection = try Connection(path: layout.ledgerPath)
        try connection.execute("PRAGMA user_version = 99")
        connection.close()
        let error = await #expect(throws: StoreError.self) {
            try await DeliveryLedger.open(layout: layout, now: clock.now)
        }
        #expect(error?.code == .newerVersion)
        #expect(error?.message.contains("ledger version 99 is newer") == true)
        #expect(!ProcessLock.isHeld(path: layout.forwarderLockPath))
    }
}
