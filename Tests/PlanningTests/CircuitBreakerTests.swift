import Testing

@testable import Planning

@Suite struct CircuitBreakerTests {
    private static let second: Int64 = 1_000_000_000

    @Test func itOpensAfterFailuresInARow() {
        var breaker = CircuitBreaker()
        for _ in 0..<4 {
            let opened = breaker.failed(opensAtOnce: false, retryAfter: nil, now: 0, fraction: 0.5)
            #expect(!opened)
        }
        let opened = breaker.failed(opensAtOnce: false, retryAfter: nil, now: 0, fraction: 0.5)
        #expect(opened)
        #expect(breaker.state == .open(until: Self.second / 2))
        let allowed = breaker.allows(underWay: 0, lastSentAt: nil, now: Self.second / 2 - 1)
        #expect(!allowed)
    }

    @Test func halfOfTheWindowOpensItToo() {
        var breaker = CircuitBreaker()
        var opened = false
        for _ in 0..<20 where !opened {
            opened = breaker.failed(opensAtOnce: false, retryAfter: nil, now: 0, fraction: 0)
            _ = breaker.succeeded()
        }
        #expect(opened)
    }

    @Test func aFailureThatNeedsSomebodyOpensItAtOnce() {
        var breaker = CircuitBreaker()
        let opened = breaker.failed(opensAtOnce: true, retryAfter: nil, now: 0, fraction: 1)
        #expect(opened)
    }

    @Test func oneProbeAtATimeAndTwoSuccessesCloseIt() {
        var breaker = CircuitBreaker()
        _ = breaker.failed(opensAtOnce: true, retryAfter: nil, now: 0, fraction: 1)
        let whileBusy = breaker.allows(underWay: 1, lastSentAt: 9 * Self.second, now: 10 * Self.second)
        let probe = breaker.allows(underWay: 0, lastSentAt: nil, now: 10 * Self.second)
        let second = breaker.allows(underWay: 1, lastSentAt: 10 * Self.second, now: 11 * Self.second)
        #expect(!whileBusy && probe && !second)
        let closedByFirst = breaker.succeeded()
        let closedBySecond = breaker.succeeded()
        #expect(!closedByFirst && closedBySecond)
        #expect(breaker.state == .closed)
    }

    /// A destination that does not answer at all would otherwise be asked once a minute, which is the request's deadline.
    @Test func aProbeWithoutAnAnswerDoesNotKeepTheNextOneBack() {
        var breaker = CircuitBreaker()
        _ = breaker.failed(opensAtOnce: true, retryAfter: nil, now: 0, fraction: 1)
        let first = breaker.allows(underWay: 0, lastSentAt: nil, now: 10 * Self.second)
        let soon = breaker.allows(underWay: 1, lastSentAt: 10 * Self.second, now: 20 * Self.second - 1)
        let second = breaker.allows(underWay: 1, lastSentAt: 10 * Self.second, now: 20 * Self.second)
        #expect(first && !soon && second)
        #expect(breaker.asksAt(underWay: 2, lastSentAt: 20 * Self.second) == 30 * Self.second)
        let most = breaker.allows(underWay: 4, lastSentAt: 40 * Self.second, now: 100 * Self.second)
        #expect(!most)
        #expect(breaker.asksAt(underWay: 4, lastSentAt: 40 * Self.second) == nil)
    }

    @Test func pausesGrowToTheirCeilingAndHonourTheDestination() {
        var breaker = CircuitBreaker()
        var now: Int64 = 0
        var last: Int64 = 0
        for _ in 0..<20 {
            _ = breaker.failed(opensAtOnce: true, retryAfter: nil, now: now, fraction: 0.999_999)
            guard case .open(let until) = breaker.state else {
                Issue.record("it is \(breaker.state)")
                return
            }
            last = until - now
            #expect(last <= 30 * Self.second)
            now = until
            _ = breaker.allows(underWay: 0, lastSentAt: nil, now: now)
        }
        #expect(last > 29 * Self.second)
        _ = breaker.failed(opensAtOnce: true, retryAfter: 90 * Self.second, now: now, fraction: 0)
        #expect(breaker.state == .open(until: now + 90 * Self.second))
    }

    /// After a restart on a machine whose clock was set back, a pause is not longer than it could have been.
    @Test func aRestoredPauseIsNeverLongerThanTheLongest() {
        let breaker = CircuitBreaker(failures: 3, openUntil: 3600 * Self.second, now: 0)
        #expect(breaker.state == .open(until: 30 * Self.second))
        let past = CircuitBreaker(failures: 3, openUntil: .min, now: 5)
        #expect(past.state == .open(until: 5))
    }
}
