import Testing

@testable import Planning

@Suite struct AdaptiveConcurrencyTests {
    private static let millisecond: Int64 = 1_000_000
    private let limits = AdaptiveConcurrency.Limits(maximum: 16)

    @Test func pushbackHalvesItOnceForAllThatWereUnderWay() {
        var concurrency = AdaptiveConcurrency(limits: limits)
        #expect(concurrency.limit == 16)
        for _ in 0..<8 { concurrency.pushedBack() }
        #expect(concurrency.limit == 8)
    }

    @Test func itGrowsByOneWhileItIsUsed() {
        var concurrency = AdaptiveConcurrency(limits: limits, learned: 4)
        for _ in 0..<4 { concurrency.succeeded(latency: 10 * Self.millisecond, underWay: 4) }
        #expect(concurrency.limit == 4 || concurrency.limit == 5)
        for _ in 0..<200 { concurrency.succeeded(latency: 10 * Self.millisecond, underWay: concurrency.limit) }
        #expect(concurrency.limit == 16)
    }

    @Test func whatIsNotUsedDoesNotGrow() {
        var concurrency = AdaptiveConcurrency(limits: limits, learned: 4)
        for _ in 0..<200 { concurrency.succeeded(latency: 10 * Self.millisecond, underWay: 1) }
        #expect(concurrency.limit == 4)
    }

    @Test func aSlowDestinationGetsLess() {
        var concurrency = AdaptiveConcurrency(limits: limits)
        for _ in 0..<20 { concurrency.succeeded(latency: 10 * Self.millisecond, underWay: 16) }
        concurrency.succeeded(latency: 500 * Self.millisecond, underWay: 16)
        #expect(concurrency.limit < 16)
    }

    @Test func slowStartDoublesUpToWhatWasKnown() {
        var concurrency = AdaptiveConcurrency(limits: limits)
        concurrency.slowStart(known: 8)
        #expect(concurrency.limit == 1)
        var successes = 0
        while concurrency.limit < 8, successes < 100 {
            concurrency.succeeded(latency: Self.millisecond, underWay: concurrency.limit)
            successes += 1
        }
        #expect(successes <= 8, "one more for each success")
    }

    @Test(arguments: [0.0, -5, 1e300, .nan])
    func aLearnedLimitStaysBetweenTheNamedOnes(_ learned: Double) {
        let concurrency = AdaptiveConcurrency(limits: limits, learned: learned)
        #expect((1...16).contains(concurrency.limit))
    }
}
