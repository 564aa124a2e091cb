/// The forwarder's memory of what is delivered where: its own database, on a thread of its own, fsynced by each call
/// that records something. Losing its tail may deliver twice; it can never lose an event.
package actor DeliveryLedger {
    /// Quarantined events are kept in the ledger up to this many bytes; beyond, their segments stay on disk.
    package static let maximumQuarantineBytes: Int64 = 1 << 30

    private let executor: ThreadExecutor
    private let lock: ProcessLock
    let now: @Sendable () -> Int64
    let layout: SpoolLayout
    let connection: Connection
    /// What is kept of dead letters at most, for each destination.
    package let deadLetterBounds: DeadLetterBounds
    /// How many clients have rows of their own at most.
    var maximumClients: Int64

    /// Of the destinations that are registered.
    var progress: [DestinationID: [UInt64: SegmentProgress]] = [:]
    /// Segments that every destination has finished, retained or on their way out.
    package internal(set) var closed: Set<UInt64> = []
    /// Batches with rows in `event_attempt`, and their events.
    var attemptedEvents: [DestinationID: [BatchAddress: Set<Int>]] = [:]
    /// Clients whose rows go in with the next transaction.
    var newClients: [ClientKey: ClientID] = [:]
    var nextClient: Int64 = 0
    var clientRows: Int64 = 0
    private var statements: [String: Statement] = [:]

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Takes the forwarder lock and opens the ledger, creating it when it is missing.
    /// - Parameters:
    ///   - now: the wall clock, in nanoseconds since 1970.
    ///   - deadLetterBounds: what is kept of dead letters at most, for each destination.
    ///   - maximumClients: clients beyond share one row.
    /// - Throws: `locked`, `newerVersion`, `unwritable`, `corrupt` or `io`.
    package static func open(
        layout: SpoolLayout, now: @escaping @Sendable () -> Int64,
        deadLetterBounds: DeadLetterBounds = DeadLetterBounds(), maximumClients: Int64 = 100_000
    ) async throws(StoreError) -> DeliveryLedger {
        try layout.create()
        let lock = try ProcessLock.acquire(path: layout.forwarderLockPath, role: "forwarder")
        let executor = try ThreadExecutor(name: "ledger")
        let ledger = try DeliveryLedger(
            layout: layout, lock: lock, executor: executor, now: now, deadLetterBounds: deadLetterBounds,
            maximumClients: maximumClients)
        try await ledger.prepare()
        return ledger
    }

    // The connection is opened by the caller's thread and used by the executor's from then on: never by two at once.
    private init(
        layout: SpoolLayout, lock: ProcessLock, executor: ThreadExecutor, now: @escaping @Sendable () -> Int64,
        deadLetterBounds: DeadLetterBounds, maximumClients: Int64
    ) throws(StoreError) {
        self.executor = executor
        self.lock = lock
        self.now = now
        self.layout = layout
        self.deadLetterBounds = deadLetterBounds
        self.maximumClients = maximumClients
        connection = try LedgerFile.openForWriting(path: layout.ledgerPath)
        // The ledger's directory entry must survive a power loss, or its first deliveries are forgotten.
        try Directory.synchronize(layout.root)
    }

    private func prepare() throws(StoreError) {
        // Counts of a client must not move between its own row and the shared one: the first limit stays.
        if let limit = try connection.integer("SELECT value FROM total WHERE name = 'maximum_clients'") {
            maximumClients = limit
        } else {
            try add(maximumClients, to: "maximum_clients")
        }
        clientRows = try connection.integer("SELECT count(*) FROM client") ?? 0
        nextClient = try newestClient() + 1
        try attributeOldProgress()
        closed = Set(try retainedSegments().map(\.number))
    }

    private func newestClient() throws(StoreError) -> Int64 {
        let newest = try connection.integer("SELECT max(id) FROM client") ?? 1
        guard newest < 1 << 53 else {
            throw StoreError(
                .corrupt, "\(connection.path): a client has the number \(newest): \(LedgerFile.adviceOnDamage)")
        }
        return newest
    }

    /// Moves everything into the main file and lets go of the lock. Nothing may be called after it.
    package func shutdown() throws(StoreError) {
        statements = [:]
        defer {
            connection.close()
            lock.release()
        }
        try requireFile()
        try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    /// One durable transaction; the rows of new clients go in with it.
    func write<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
        try requireFile()
        let result = try connection.transaction { () throws(StoreError) -> Result in
            try insertNewClients()
            return try body()
        }
        forgetNewClients()
        return result
    }

    /// A statement that is prepared once; `reset()` it after use.
    func statement(_ sql: String) throws(StoreError) -> Statement {
        if let known = statements[sql] { return known }
        let statement = try Statement(connection, sql, persistent: true)
        statements[sql] = statement
        return statement
    }

    /// What is committed to a file that is gone survives nothing.
    private func requireFile() throws(StoreError) {
        guard !connection.hasMoved() else {
            throw StoreError(
                .removed,
                "\(connection.path): the ledger was removed or replaced while this process has it open: nothing can be "
                    + "recorded in it any more. Put the file back where it was, with its -wal, and start the forwarder "
                    + "again; without it, everything in the spool is delivered once more")
        }
    }

    /// Adds to a counter that outlives segments.
    func add(_ value: Int64, to total: String) throws(StoreError) {
        try connection.execute(
            """
            INSERT INTO total (name, value) VALUES ('\(total)', \(value))
            ON CONFLICT (name) DO UPDATE SET value = value + excluded.value
            """)
    }
}
