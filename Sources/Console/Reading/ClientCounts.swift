internal import Runtime
internal import Store

/// What became of each client's events: counted when somebody asks, at most every few seconds, on a thread of its own.
actor ClientCounts {
    /// A count, and when it was made.
    struct Count: Sendable {
        let rows: [ClientRow]
        /// Nanoseconds since 1970.
        let at: Int64
    }

    private let inspector: SpoolInspector
    private let limits: ConsoleLimits
    private let executor: ThreadExecutor
    private var last: Count?
    /// When the next count is due, in nanoseconds of a clock that does not go back.
    private var due: Int64 = .min

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Throws: `io` when there is no thread to be had.
    init(layout: SpoolLayout, limits: ConsoleLimits) throws(StoreError) {
        inspector = SpoolInspector(layout: layout)
        self.limits = limits
        executor = try ThreadExecutor(name: "console-clients")
    }

    /// The newest count.
    func count() throws(StoreError) -> Count {
        let start = WallClock.monotonic()
        if let last, start < due { return last }
        let count = Count(rows: ClientRow.rows(of: try inspector.audit()), at: WallClock.now())
        last = count
        // A large backlog takes long to count; then it is counted less often.
        let end = WallClock.monotonic()
        let pause = Int64(limits.countingPause / .nanoseconds(1))
        due = end + max(pause, (end - start) * Int64(limits.countingFactor))
        return count
    }
}
