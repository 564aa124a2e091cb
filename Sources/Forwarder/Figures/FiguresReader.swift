internal import Runtime
package import Store

/// Reads a spool's figures again and again, and knows from the earlier times how fast they change. Blocking.
package struct FiguresReader: Sendable {
    private struct Counters: Sendable {
        var arrived = RateWindow()
        var delivered = RateWindow()
    }

    private let inspector: SpoolInspector
    private let layout: SpoolLayout
    private var limits: SpoolLimits
    private let now: @Sendable () -> Int64
    private let monotonic: @Sendable () -> Int64
    private var counters: [String: Counters] = [:]
    private var bytesOnDisk = RateWindow()

    /// Reads the spool at a layout.
    package init(layout: SpoolLayout, limits: SpoolLimits) {
        self.init(
            layout: layout, limits: limits, now: { WallClock.now() }, monotonic: { WallClock.monotonic() })
    }

    /// Reads the spool at a layout.
    /// - Parameters:
    ///   - now: nanoseconds since 1970.
    ///   - monotonic: nanoseconds of a clock that does not go back.
    package init(
        layout: SpoolLayout, limits: SpoolLimits, now: @escaping @Sendable () -> Int64,
        monotonic: @escaping @Sendable () -> Int64
    ) {
        self.layout = layout
        self.limits = limits
        self.now = now
        self.monotonic = monotonic
        inspector = SpoolInspector(layout: layout)
    }

    /// From now on other limits hold.
    package mutating func use(_ limits: SpoolLimits) { self.limits = limits }

    /// The figures now.
    /// - Parameter live: what the running workers say; empty when none run.
    /// - Throws: `missingParent` when there is no spool there, `newerVersion`, `io`.
    package mutating func read(live: [DeliveryStatus]) throws(StoreError) -> SpoolFigures {
        let status = try inspector.status()
        let time = monotonic()
        bytesOnDisk.add(status.bytesOnDisk, at: time)
        let workers = Dictionary(live.map { ($0.name, $0) }) { first, _ in first }
        let replays = Dictionary(
            grouping: try inspector.replayJobs().filter(\.isRunning), by: \.destination)
        var destinations: [SpoolFigures.Destination] = []
        for stored in status.destinations {
            var counters = counters[stored.name, default: Counters()]
            counters.arrived.add(stored.acceptedEvents, at: time)
            counters.delivered.add(stored.deliveredEvents, at: time)
            self.counters[stored.name] = counters
            var delivery = workers[stored.name] ?? Self.remembered(stored)
            if let state = stored.state, state.isPaused {
                // The order is the ledger's, whether a worker has taken note of it or not.
                delivery.isPaused = true
                delivery.pauseReason = state.pauseReason
            }
            delivery.rateIn = delivery.rateIn ?? counters.arrived.perSecond
            delivery.rateOut = delivery.rateOut ?? counters.delivered.perSecond
            destinations.append(
                SpoolFigures.Destination(
                    stored: stored, delivery: delivery,
                    timeToEmpty: Self.timeToEmpty(waiting: stored.waiting.events, delivery),
                    replays: replays[stored.name] ?? []))
        }
        let room = try limits.roomBytes(layout, bytesOnDisk: status.bytesOnDisk)
        let timeToFull = room.map { TimeLeft(amount: Double($0), rate: bytesOnDisk.perSecond) } ?? .unknown
        return SpoolFigures(
            at: now(), status: status, roomBytes: room, timeToFull: timeToFull, destinations: destinations)
    }

    /// What the ledger remembers of a destination that no worker serves now.
    private static func remembered(_ stored: SpoolStatus.Destination) -> DeliveryStatus {
        guard let state = stored.state else { return DeliveryStatus(name: stored.name) }
        let error =
            state.lastErrorAt > 0
            ? DeliveryStatus.Failure(
                code: state.lastErrorCode, message: state.lastErrorMessage, at: state.lastErrorAt) : nil
        return DeliveryStatus(
            name: stored.name, breaker: state.breaker.rawValue,
            openUntil: state.breaker == .open ? state.openUntil : nil, concurrency: state.concurrency,
            lastError: error, isPaused: state.isPaused, pauseReason: state.pauseReason)
    }

    private static func timeToEmpty(waiting: Int64, _ delivery: DeliveryStatus) -> TimeLeft {
        guard let rateIn = delivery.rateIn, let rateOut = delivery.rateOut else {
            return TimeLeft(amount: Double(waiting), rate: nil)
        }
        return TimeLeft(amount: Double(waiting), rate: rateOut - rateIn)
    }
}
