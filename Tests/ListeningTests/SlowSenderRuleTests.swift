import NIOCore
import Testing

@testable import Listening

struct SlowSenderRuleTests {
    private let limits: ListenerLimits = {
        var limits = ListenerLimits()
        limits.slowSenderTime = .seconds(10)
        limits.slowSenderBytesPerSecond = 100
        return limits
    }()

    private func time(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(1) + .seconds(seconds) }

    @Test func findsAByteEverySecond() {
        var rule = SlowSenderRule(limits: limits)
        let verdicts = (0...20).map { rule.received(bytes: 1, at: time($0)) }
        #expect(verdicts.firstIndex(of: true) == 11)
    }

    @Test func sparesASteadyUpload() {
        var rule = SlowSenderRule(limits: limits)
        #expect(!(0...1000).contains { rule.received(bytes: 200, at: time($0)) })
    }

    @Test func sparesAKeptConnectionWithRareRequests() {
        var rule = SlowSenderRule(limits: limits)
        for minute in 0..<60 {
            #expect(rule.received(bytes: 80, at: time(Int64(minute) * 60)) == false)
            rule.restart()
        }
    }

    @Test func anAnswerDoesNotExcuseTheNextRequest() {
        var rule = SlowSenderRule(limits: limits)
        _ = rule.received(bytes: 100_000, at: time(0))
        rule.restart()
        #expect(rule.received(bytes: 1, at: time(100)) == false)
        #expect(rule.received(bytes: 1, at: time(111)) == true)
    }
}
