internal import Planning
internal import Runtime

/// What sending again remembers while it runs.
struct ReplayState {
    var breaker = CircuitBreaker()
    var pacer = ReplayPacer()
    var limiter = LogRateLimiter(interval: .seconds(10))

    /// Nanoseconds before anything may be sent.
    func wait(now: Int64) -> Int64 { max(pacer.delay(now: now), (breaker.opensAt ?? now) &- now, 0) }
}
