import Testing

@testable import Console

@Suite struct AttemptLimiterTests {
    private let second: Int64 = 1_000_000_000

    @Test func anAddressHasTenAttemptsAndThenOneEverySixSeconds() {
        var limiter = AttemptLimiter(limits: ConsoleLimits(), now: 0)
        for _ in 0..<10 { #expect(limiter.take("a", now: 0) == nil) }
        #expect(limiter.take("a", now: 0) == 6)
        #expect(limiter.take("b", now: 0) == nil, "another address is another one")
        #expect(limiter.take("a", now: 3 * second) == 3)
        #expect(limiter.take("a", now: 7 * second) == nil)
        #expect(limiter.take("a", now: 7 * second) != nil)
    }

    @Test func aRightSecretCostsNothing() {
        var limiter = AttemptLimiter(limits: ConsoleLimits(), now: 0)
        for _ in 0..<1000 {
            #expect(limiter.take("a", now: 0) == nil)
            limiter.giveBack("a")
        }
    }

    @Test func allAddressesTogetherAreLimitedAndMemoryIs() {
        var limits = ConsoleLimits()
        limits.addresses = 4
        var limiter = AttemptLimiter(limits: limits, now: 0)
        let taken = (0..<1000).filter { limiter.take("address \($0)", now: 0) == nil }
        // Four with a bucket each, and ten attempts of the bucket that the others share.
        #expect(taken.count == 14)
        limits.addresses = 1024
        limiter = AttemptLimiter(limits: limits, now: 0)
        let all = (0..<1000).filter { limiter.take("address \($0)", now: 0) == nil }
        #expect(all.count == limits.attemptsOfAll)
        #expect(limiter.take("one more", now: second) == nil, "one more a second")
        #expect(limiter.take("one more", now: second) != nil)
    }
}
