/// Decides what is delivered to one destination: what next, how much at once, when again, when to stop, when to give up on an
/// event. A pure value: it has no clock, no I/O and no randomness of its own. The caller tells it what happened and asks
/// for the next action until that is to wait.
package struct DeliveryCore: Sendable {
    struct Request: Sendable {
        let messages: Int
        let bytes: Int64
        /// How often its one event was refused alone.
        var attempts: Int
        var backoff: Backoff
        /// Whether it was refused as one event and waits for another attempt.
        var isIsolated: Bool
        /// When that was first.
        var firstRefusalAt: Int64?
        /// Whether it was sent when something was known to have been taken since.
        var isSentOnEvidence = false
    }

    struct Page: Sendable {
        let lane: LaneName
        let batches: [BatchSummary]
        /// When it is read again, after a failure.
        var retryAt: Int64?
    }

    struct Unexpired: Sendable {
        let batches: [BatchSummary]
        /// When it is tried again.
        let retryAt: Int64
    }

    package let limits: DeliveryLimits
    var random: SeededRandom

    var backlog = Lane()
    var fresh: Lane?
    /// Where the fresh lane began; the backlog ends there.
    var freshStart: BatchAddress?
    var taken = TakenBatches()
    /// Finished segments that the backlog has not passed yet: it must not take their batches again.
    var finishedAhead: Set<UInt64> = []
    var pages: [PageID: Page] = [:]
    /// When it is worth looking for batches that are too old, while no page can be begun.
    var nextExpiryAt = Int64.min
    /// Batches that are too old and could not be recorded so.
    var unexpired: [Unexpired] = []
    var nextPage: PageID = 0

    var requests: [RequestID: Request] = [:]
    var nextRequest: RequestID = 0
    var ready = Queue<RequestID>()
    /// Parts of a request that was refused: they go before everything else, the last first.
    var urgent: [RequestID] = []
    /// Requests that failed, and when they are tried again.
    var retries: [RequestID: Int64] = [:]
    /// Requests under way, and when they were sent.
    var underWay: [RequestID: Int64] = [:]
    /// Events for which there was no room as dead letters, and when that is tried again.
    var unburied: [RequestID: Int64] = [:]
    /// Burials that the caller is busy with.
    var burials: Set<RequestID> = []
    var isolatedCount = 0
    /// Bytes of all requests.
    var heldBytes: Int64 = 0

    package internal(set) var breaker: CircuitBreaker
    package internal(set) var concurrency: AdaptiveConcurrency
    var budget: RetryBudget
    /// What the destination could take before it began to fail.
    var concurrencyBeforeFailures: Double?
    /// Different events that were refused alone since anything was taken.
    var refusalsInARow = 0
    /// When the newest of the requests was sent that have been taken.
    var newestTakenSentAt = Int64.min
    /// When this began: a destination has some time to show that it takes anything.
    let beganAt: Int64

    var pending = Queue<DeliveryAction>()
    var isStopping = false

    /// Nothing is read or sent while this holds: an operator's wish.
    package var isPaused = false
    /// Nothing is sent while this holds: what was delivered can not be recorded, and would be delivered again.
    package var isRecordingBehind = false

    /// - Parameters:
    ///   - start: the place before the first batch that is not resolved.
    ///   - memory: what a process before this one had learned.
    ///   - seed: where all random numbers come from.
    package init(
        limits: DeliveryLimits, start: BatchAddress = .start, memory: DeliveryMemory? = nil, seed: UInt64, now: Moment
    ) {
        self.limits = limits
        random = SeededRandom(seed: seed)
        backlog.seen = start
        beganAt = now.monotonic
        concurrency = AdaptiveConcurrency(limits: limits.concurrency, learned: memory?.concurrency)
        budget = RetryBudget(limits: limits.budget, now: now.monotonic)
        if let memory, let openUntil = memory.openUntil {
            breaker = CircuitBreaker(
                limits: limits.breaker, failures: memory.failures, openUntil: openUntil, now: now.monotonic)
            concurrencyBeforeFailures = memory.concurrency
        } else {
            breaker = CircuitBreaker(limits: limits.breaker)
        }
    }

    // MARK: - What is the case

    /// Requests under way.
    package var underWayCount: Int { underWay.count }

    /// Requests read and not resolved.
    package var unresolvedCount: Int { requests.count }

    /// Whether there is a backlog and the newest events go beside it.
    package var hasFreshLane: Bool { fresh != nil }

    /// Whether there is no room for a dead letter, and everything waits for that.
    package var isHeldByDeadLetters: Bool { !unburied.isEmpty }

    /// Whether nothing is read, waits or is under way, as far as has been seen.
    package var isIdle: Bool {
        requests.isEmpty && pages.isEmpty && unexpired.isEmpty && backlog.queue.isEmpty && fresh == nil
            && pending.isEmpty
            && backlog.isAtEnd && !isPaused
    }

    /// Batches that have been seen and not taken.
    package var seenAheadCount: Int { backlog.queue.count + (fresh?.queue.count ?? 0) }

    /// What should be known after a restart.
    package var memory: DeliveryMemory {
        let openUntil: Int64? =
            switch breaker.state {
            case .closed: nil
            case .open(let until): until
            case .halfOpen: .min
            }
        return DeliveryMemory(
            failures: breaker.failures, openUntil: openUntil,
            concurrency: concurrencyBeforeFailures ?? concurrency.value)
    }

    // MARK: - The next action

    /// Looks once more before anything is called idle.
    package mutating func lookAgain() {
        backlog.isAtEnd = false
        backlog.nextLookAt = .min
    }

    /// From now on nothing new is read or sent.
    package mutating func stop() { isStopping = true }

    /// The next action. It counts as begun.
    package mutating func next(_ now: Moment) -> DeliveryAction {
        if let action = pending.popFirst() { return action }
        if isStopping { return .wait(until: nil) }
        retryBurials(now)
        if let action = pending.popFirst() { return action }
        if let request = takeSendable(now) { return .send(request) }
        // A lane that sees nothing ahead of it has no turn; the others can wait until there is nothing to read.
        if let action = takeLook(now, onlyBlind: true) { return action }
        if let action = takePage(now) { return action }
        if let action = takeExpired(now) { return action }
        if let action = takeLook(now, onlyBlind: false) { return action }
        return .wait(until: nextWake(now))
    }

    private func nextWake(_ now: Moment) -> Int64? {
        var wake: Int64?
        func consider(_ time: Int64) { wake = min(wake ?? time, time) }
        for (id, time) in unburied where !burials.contains(id) { consider(time) }
        for time in lookTimes { consider(time) }
        if let time = nextExpiry { consider(time) }
        guard !isHeld else { return wake }
        for time in pages.values.compactMap(\.retryAt) { consider(time) }
        if let time = nextSendAt(now) { consider(time) }
        return wake
    }

    /// Whether nothing may be sent or read for a reason that lies here.
    var isHeld: Bool { isPaused || isRecordingBehind || isHeldByDeadLetters || isStopping }
}
