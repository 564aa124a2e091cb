import Testing

@testable import Forwarder

@Suite struct ReplayPacerTests {
    private static let second: Int64 = 1_000_000_000

    @Test func theFirstEventsGoAtOnceAndTheNextWhenTheirTurnComes() {
        var pacer = ReplayPacer()
        #expect(pacer.delay(now: 5) == 0)
        pacer.sent(50, rate: 100, now: 0)
        #expect(pacer.delay(now: 0) == Self.second / 2)
        #expect(pacer.delay(now: Self.second / 4) == Self.second / 4)
        #expect(pacer.delay(now: Self.second) == 0)
    }

    @Test func theRateHoldsOverManyRequestsAndIdleTimeIsNotMadeUp() {
        var pacer = ReplayPacer()
        for _ in 0..<10 { pacer.sent(10, rate: 10, now: 0) }
        #expect(pacer.delay(now: 0) == 10 * Self.second)
        // Long after: the next ones wait for these only.
        pacer.sent(10, rate: 10, now: 100 * Self.second)
        #expect(pacer.delay(now: 100 * Self.second) == Self.second)
    }

    @Test(arguments: [0, -1, .infinity, .nan]) func withoutARateNothingWaits(_ rate: Double) {
        var pacer = ReplayPacer()
        pacer.sent(1000, rate: 1, now: 0)
        pacer.sent(1000, rate: rate, now: 0)
        #expect(pacer.delay(now: 0) == 0)
    }

    @Test func theSlowestRateIsNoOverflow() {
        var pacer = ReplayPacer()
        pacer.sent(.max, rate: .leastNonzeroMagnitude, now: 0)
        #expect(pacer.delay(now: 0) == 86_400 * Self.second)
    }

    @Test func aSlowOrderHoldsUpNoOther() {
        var state = ReplayState()
        var mayGoOn = state.mayGoOn(job: 1, now: 0)
        #expect(mayGoOn)
        state.sentPast(10, rate: 0.001, now: 0)
        mayGoOn = state.mayGoOn(job: 1, now: Self.second)
        #expect(!mayGoOn)
        #expect(state.letterPacer.delay(now: Self.second) == 0)
        let idle = state.idleWait(now: Self.second, atMost: Self.second)
        #expect(idle == Self.second, "it looks for other orders meanwhile")
        // The first one is over, or cancelled.
        mayGoOn = state.mayGoOn(job: 2, now: Self.second)
        #expect(mayGoOn)
        state.sentPast(1, rate: 10, now: Self.second)
        #expect(state.idleWait(now: Self.second, atMost: Self.second) == Self.second / 10)
    }
}
