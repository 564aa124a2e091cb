import Testing

@testable import Planning

@Suite struct BackoffTests {
    @Test func theUpperEndDoublesToTheCeiling() {
        var backoff = Backoff(base: 100, ceiling: 1000)
        var ends: [Int64] = []
        for _ in 0..<6 {
            ends.append(backoff.upperEnd)
            _ = backoff.nextDelay(fraction: 0)
        }
        #expect(ends == [100, 200, 400, 800, 1000, 1000])
    }

    @Test func theDelayIsAnywhereBelow() {
        var backoff = Backoff(base: 100, ceiling: 1000)
        #expect(backoff.nextDelay(fraction: 0) == 0)
        #expect(backoff.nextDelay(fraction: 0.5) == 100)
        #expect(backoff.nextDelay(retryAfter: 5000, fraction: 0.9) == 5000)
        backoff.reset()
        #expect(backoff.upperEnd == 100)
    }

    @Test(arguments: [(0, 0), (-5, 3), (.max, .max), (1, .max)] as [(Int64, Int64)])
    func anyLimitsAreFine(_ base: Int64, _ ceiling: Int64) {
        var backoff = Backoff(base: base, ceiling: ceiling, failures: 500)
        #expect(backoff.nextDelay(fraction: 0.999) >= 0)
    }
}
