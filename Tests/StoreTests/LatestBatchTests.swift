import Testing

@testable import Store

/// What came in last.
@Suite struct LatestBatchTests {
    @Test func theNewestBatchesAreFirst() async throws {
        let fixture = try await LedgerFixture([["a", "b"], ["c", "d", "e"]])
        let latest = try fixture.inspector.latestBatches(limit: 4, events: 2, maximumBytes: 100)
        #expect(latest.map { $0.sender?.name } == ["e", "d", "c", "b"])
        #expect(latest.allSatisfy { $0.events == Int64(LedgerFixture.events) && $0.receivedAt == 7 })
        #expect(latest.first?.first == [Array("a".utf8), Array("b".utf8)])
        let short = try fixture.inspector.latestBatches(limit: 9, events: 2, maximumBytes: 1)
        #expect(short.count == 5 && short.allSatisfy(\.first.isEmpty), "long messages are not read")
        try await fixture.ledger.shutdown()
    }
}
