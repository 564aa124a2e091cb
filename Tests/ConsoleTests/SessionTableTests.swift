import Secrets
import Testing

@testable import Console

@Suite struct SessionTableTests {
    private let second: Int64 = 1_000_000_000
    private func key(_ text: String) -> SecretDigest { SecretDigest(of: text) }

    @Test func aSessionEndsWhenNobodyUsesItAndInTheEnd() {
        var table = SessionTable(limits: ConsoleLimits())
        _ = table.open(key("a"), proof: "p", now: 0)
        #expect(table.session(key("a"), now: 3600 * second)?.proof == "p")
        #expect(table.session(key("a"), now: 7201 * second) == nil)
        #expect(table.session(key("b"), now: 0) == nil)
        _ = table.open(key("b"), proof: "p", now: 0)
        for hour in 1...12 { #expect(table.session(key("b"), now: Int64(hour) * 3600 * second) != nil) }
        #expect(table.session(key("b"), now: 12 * 3600 * second + 1) == nil)
    }

    @Test func whoMayActMayForHalfAnHour() {
        var table = SessionTable(limits: ConsoleLimits())
        let actor = Session.Actor(name: "ann", token: key("t"), since: 0)
        _ = table.open(key("a"), proof: "p", actor: actor, now: 0)
        #expect(table.session(key("a"), now: 1800 * second)?.actor?.name == "ann")
        let later = table.session(key("a"), now: 1801 * second)
        #expect(later != nil && later?.actor == nil)
    }

    @Test func theOneSeenLongestAgoGoes() {
        var limits = ConsoleLimits()
        limits.sessions = 2
        var table = SessionTable(limits: limits)
        _ = table.open(key("a"), proof: "p", now: 0)
        _ = table.open(key("b"), proof: "p", now: 1)
        _ = table.session(key("a"), now: 2)
        _ = table.open(key("c"), proof: "p", now: 3)
        #expect(table.count == 2)
        #expect(table.session(key("b"), now: 3) == nil && table.session(key("a"), now: 3) != nil)
    }
}
