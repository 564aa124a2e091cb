import Testing

@testable import Store

/// What the forwarder leaves for those who come while it does not run.
@Suite struct ForwarderLimitsTests {
    @Test func theNewestLimitsAreReadBack() async throws {
        let fixture = try await LedgerFixture([["a"]])
        #expect(try fixture.inspector.forwarderLimits() == nil)
        var limits = ForwarderLimits(
            quotaBytes: 7, reserveBytes: 0, deadLetters: DeadLetterBounds(count: 1, bytes: 2, age: 3, policy: .expire))
        try await fixture.ledger.publish(limits)
        #expect(try fixture.inspector.forwarderLimits() == limits)
        limits.deadLetters.policy = .pause
        limits.quotaBytes = .max
        try await fixture.ledger.publish(limits)
        #expect(try fixture.inspector.forwarderLimits() == limits)
        try await fixture.ledger.shutdown()
    }

    @Test(arguments: [
        "DELETE FROM total WHERE name = 'limit_dead_letters'",
        "UPDATE total SET value = -1 WHERE name = 'limit_quota_bytes'",
        "UPDATE total SET value = 2 WHERE name = 'limit_dead_letter_policy'",
    ])
    func whatMakesNoSenseIsNotBelieved(_ sql: String) async throws {
        let fixture = try await LedgerFixture([["a"]])
        try await fixture.ledger.publish(
            ForwarderLimits(quotaBytes: 7, reserveBytes: 1, deadLetters: DeadLetterBounds()))
        try await fixture.tamper(sql)
        #expect(try fixture.inspector.forwarderLimits() == nil)
        try await fixture.ledger.shutdown()
    }
}
