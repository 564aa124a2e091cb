internal import Planning
internal import Runtime

/// What sending again remembers while it runs.
struct ReplayState {
    var breaker = CircuitBreaker()
    /// Each kind of order has a pace of its own: a slow one holds up no other.
    var letterPacer = ReplayPacer()
    private(set) var pastPacer = ReplayPacer()
    private var pacedJob: Int64?
    var limiter = LogRateLimiter(interval: .seconds(10))

    /// Nanoseconds before the breaker lets anything through.
    func breakerWait(now: Int64) -> Int64 { max(0, (breaker.opensAt ?? now) &- now) }

    /// Nanoseconds before the next look, when there was nothing to do at this one: at most so many.
    func idleWait(now: Int64, atMost interval: Int64) -> Int64 {
        let paces = [letterPacer, pastPacer].map { $0.delay(now: now) }.filter { $0 > 0 }
        return max(min(interval, paces.min() ?? interval), breakerWait(now: now))
    }

    /// Whether an order for the past may go on; the pace of one that is over, or cancelled, says nothing about it.
    mutating func mayGoOn(job: Int64, now: Int64) -> Bool {
        if job != pacedJob {
            pastPacer = ReplayPacer()
            pacedJob = job
        }
        return pastPacer.delay(now: now) == 0
    }

    mutating func sentPast(_ events: Int, rate: Double, now: Int64) { pastPacer.sent(events, rate: rate, now: now) }
}
