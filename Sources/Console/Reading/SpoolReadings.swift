internal import Contract
internal import Runtime
internal import Store
internal import Synchronization

/// Reads the spool's files for the console, one reading after the other on a thread of its own: deliveries never wait
/// for it. Many who ask the same at once cost one reading.
actor SpoolReadings {
    private let inspector: SpoolInspector
    private let directory: SenderReader
    private let limits: ConsoleLimits
    private let executor: ThreadExecutor
    private let waiting = Mutex(0)
    private var cache: AnswerCache
    private var lastPauses: (pauses: [String: String], at: Int64)?

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Throws: `io` when there is no thread to be had.
    init(layout: SpoolLayout, limits: ConsoleLimits, thread: String) throws(StoreError) {
        inspector = SpoolInspector(layout: layout)
        directory = SenderReader(layout: layout)
        self.limits = limits
        executor = try ThreadExecutor(name: thread)
        cache = AnswerCache(limits: limits)
    }

    /// An answer, made by `make` unless it was made a moment ago.
    /// - Parameter key: what is asked.
    /// - Throws: `busy` when too many wait; what `make` throws.
    nonisolated func answer(
        _ key: String, _ make: @Sendable (SpoolInspector) throws(StoreError) -> JSONValue
    ) async throws(ConsoleRefusal) -> [UInt8] {
        try enter()
        defer { leave() }
        return try await made(key, make)
    }

    /// The destinations that are paused, each with the reason: the ledger's word, for workers say it a little later.
    /// - Throws: `busy` when too many wait, and when the ledger can not be read.
    nonisolated func pauses() async throws(ConsoleRefusal) -> [String: String] {
        try enter()
        defer { leave() }
        return try await readPauses()
    }

    private func readPauses() throws(ConsoleRefusal) -> [String: String] {
        let now = WallClock.monotonic()
        if let lastPauses, now - lastPauses.at < Int64(limits.cacheTime / .nanoseconds(1)) { return lastPauses.pauses }
        do throws(StoreError) {
            let pauses = try inspector.pauses()
            lastPauses = (pauses, WallClock.monotonic())
            return pauses
        } catch {
            throw ConsoleRefusal(status: 500, code: "store_failed", detail: error.message)
        }
    }

    /// Some of the senders that ingest has seen; nil when it keeps no directory of them.
    /// - Throws: `busy` when too many wait, and when the directory can not be read.
    nonisolated func senders(_ search: SenderSearch) async throws(ConsoleRefusal) -> ClientsAnswer.Senders? {
        try enter()
        defer { leave() }
        return try await readSenders(search)
    }

    private func readSenders(_ search: SenderSearch) throws(ConsoleRefusal) -> ClientsAnswer.Senders? {
        guard directory.exists else { return nil }
        do throws(StoreError) {
            return ClientsAnswer.Senders(page: try directory.senders(search), total: try directory.count(search))
        } catch {
            throw ConsoleRefusal(status: 500, code: "store_failed", detail: error.message)
        }
    }

    /// Whoever has changed something wants to see it changed.
    func forget() {
        cache = AnswerCache(limits: limits)
        lastPauses = nil
    }

    private nonisolated func enter() throws(ConsoleRefusal) {
        let isLate = waiting.withLock { waiting in
            guard waiting < limits.waitingReadings else { return true }
            waiting += 1
            return false
        }
        if isLate { throw .busy }
    }

    private nonisolated func leave() { waiting.withLock { $0 -= 1 } }

    private func made(
        _ key: String, _ make: @Sendable (SpoolInspector) throws(StoreError) -> JSONValue
    ) throws(ConsoleRefusal) -> [UInt8] {
        if let answer = cache.answer(key, now: WallClock.monotonic()) { return answer }
        do throws(StoreError) {
            let answer = try make(inspector).line
            cache.keep(answer, for: key, now: WallClock.monotonic())
            return answer
        } catch {
            throw ConsoleRefusal(status: 500, code: "store_failed", detail: error.message)
        }
    }
}
