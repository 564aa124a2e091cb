/// Decides what one destination's worker does next. A pure value: it has no clock, no I/O and no randomness of its own.
///
/// Times are nanoseconds on any clock that does not go back. Requests are known here by number only, in the order in
/// which they were read; older ones go first.
struct DeliveryPlanner: Sendable {
    /// A request's number.
    typealias RequestID = Int

    /// The named limits of one worker.
    struct Limits: Sendable, Hashable {
        /// Requests under way at once.
        var inFlight: Int
        /// Requests rendered and not yet under way, at which reading stops.
        var buffered: Int
        /// Requests read and not yet delivered, at which reading stops: it bounds what the ledger keeps out of order.
        var unresolved: Int
        /// Pages read and rendered at once.
        var pages: Int
        /// How long to wait for new batches before looking again, in nanoseconds.
        var pollInterval: Int64
    }

    /// What the worker should do.
    enum Step: Sendable, Hashable {
        /// Send this request.
        case send(RequestID)
        /// Read and render the next page.
        case read
        /// Nothing, until something finishes or this time has come.
        case wait(until: Int64?)
    }

    private let limits: Limits
    private var ready: [RequestID] = []
    private var retries: [RequestID: Int64] = [:]
    private var retryBackoffs: [RequestID: Backoff] = [:]
    private var inFlight: Set<RequestID> = []
    private var backoff = Backoff()
    private var pausedUntil = Int64.min
    private var pages = 0
    private var nextReadAt = Int64.min
    private var stopping = false

    /// A planner with nothing to do yet.
    init(limits: Limits) {
        self.limits = limits
    }

    /// Requests under way.
    var inFlightCount: Int { inFlight.count }

    /// Destination-wide failures in a row; 0 while it works.
    var consecutiveFailures: Int { backoff.failures }

    /// From now on nothing new is read or sent.
    mutating func stop() { stopping = true }

    /// The next step at a time. `send` and `read` count as begun.
    mutating func next(now: Int64) -> Step {
        if stopping { return .wait(until: nil) }
        if let request = takeSendable(now: now) { return .send(request) }
        if mayRead && now >= nextReadAt {
            pages += 1
            return .read
        }
        return .wait(until: nextWake(now: now))
    }

    /// A page has become these requests; none when the reader had caught up.
    mutating func pageArrived(_ requests: [RequestID], caughtUp: Bool, now: Int64) {
        pages -= 1
        ready.append(contentsOf: requests)
        if ready.count > 1 { ready.sort() }
        if caughtUp { nextReadAt = now + limits.pollInterval }
    }

    /// A page could not be read.
    mutating func pageFailed(retryAt: Int64) {
        pages -= 1
        nextReadAt = max(nextReadAt, retryAt)
    }

    /// A request is delivered.
    mutating func delivered(_ request: RequestID) {
        inFlight.remove(request)
        retryBackoffs[request] = nil
        backoff.reset()
        pausedUntil = Int64.min
    }

    /// A request failed and is to be tried again, for ever.
    /// - Parameter concernsDestination: whether nothing can be delivered there now; then everything waits, and one request
    ///   at a time tries whether it works again.
    /// - Returns: how long it waits, in nanoseconds.
    mutating func failed(
        _ request: RequestID, concernsDestination: Bool, retryAfter: Duration?, now: Int64,
        using generator: inout some RandomNumberGenerator
    ) -> Int64 {
        inFlight.remove(request)
        let delay: Duration
        if concernsDestination {
            delay = backoff.nextDelay(retryAfter: retryAfter, using: &generator)
            pausedUntil = max(pausedUntil, now + Self.nanoseconds(delay))
        } else {
            delay = retryBackoffs[request, default: Backoff()].nextDelay(retryAfter: retryAfter, using: &generator)
        }
        retries[request] = now + Self.nanoseconds(delay)
        return Self.nanoseconds(delay)
    }

    private var mayRead: Bool {
        pages < limits.pages && ready.count < limits.buffered
            && ready.count + retries.count + inFlight.count < limits.unresolved
    }

    private mutating func takeSendable(now: Int64) -> RequestID? {
        // While the destination fails, one request at a time is the probe.
        let window = backoff.failures > 0 ? 1 : limits.inFlight
        guard inFlight.count < window, now >= pausedUntil else { return nil }
        let due = retries.lazy.filter { $0.value <= now }.map(\.key).min()
        if let due {
            retries[due] = nil
            inFlight.insert(due)
            return due
        }
        guard !ready.isEmpty else { return nil }
        let request = ready.removeFirst()
        inFlight.insert(request)
        return request
    }

    private func nextWake(now: Int64) -> Int64? {
        var wake: Int64?
        func consider(_ time: Int64) { wake = min(wake ?? time, time) }
        if mayRead { consider(nextReadAt) }
        // A full window waits for an outcome, not for a time.
        if inFlight.count < (backoff.failures > 0 ? 1 : limits.inFlight) {
            if !ready.isEmpty { consider(pausedUntil) }
            for time in retries.values { consider(max(time, pausedUntil)) }
        }
        return wake
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
    }
}
