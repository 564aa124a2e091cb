import Testing

@testable import Store

/// Dead letters and quarantined events a page at a time, the newest first.
@Suite struct LetterPageTests {
    private func pages(
        _ page: (DeadLetterID?) throws -> LetterPage
    ) throws -> [[DeadLetter]] {
        var pages: [[DeadLetter]] = []
        var before: DeadLetterID?
        repeat {
            let next = try page(before)
            pages.append(next.letters)
            before = next.next
        } while before != nil && pages.count < 100
        return pages
    }

    @Test func lettersComeNewestFirst() async throws {
        let fixture = try await LedgerFixture([["a", "b"]])
        let destination = try await fixture.ledger.register(destination: "d")
        for event in 0..<5 { try await fixture.kill(0, 1, event, client: "a", at: destination) }
        for event in 0..<2 { try await fixture.kill(0, 2, event, client: "b", at: destination) }
        let all = try pages { try fixture.inspector.letterPage(DeadLetterFilter(), before: $0, limit: 3) }
        #expect(all.map(\.count) == [3, 3, 1])
        #expect(all.flatMap { $0 }.map(\.id) == (1...7).reversed().map { .letter($0) })
        #expect(all.flatMap { $0 }.allSatisfy { $0.bytes.isEmpty && $0.stream.metadata.isEmpty })
        var filter = DeadLetterFilter()
        filter.client = "a"
        let own = try pages { try fixture.inspector.letterPage(filter, before: $0, limit: 5) }
        #expect(own.map(\.count) == [5], "a full page that is the last one has none behind it")
        try await fixture.ledger.shutdown()
    }

    @Test func quarantinedEventsComeNewestFirstWhereverTheyAreKept() async throws {
        let rules = (0..<3).map {
            QuarantineRecord(offset: 5 + $0, length: 1, reason: "rule_\($0)", detail: "why", eventID: [UInt8($0)])
        }
        let fixture = try await LedgerFixture([["a", "b"], ["b"]], quarantined: rules)
        let destination = try await fixture.ledger.register(destination: "d")
        try await fixture.ledger.activate(destinations: [destination])
        let expected = fixture.segments.reversed().flatMap { segment -> [DeadLetterID] in
            let rows: Int64 = segment == fixture.segments[0] ? 6 : 3
            return (1...rows).reversed().map { .quarantine(segment: segment, row: $0) }
        }
        func found(_ filter: DeadLetterFilter = DeadLetterFilter()) throws -> [DeadLetterID] {
            try pages { try fixture.inspector.quarantinePage(filter, before: $0, limit: 2) }.flatMap { $0 }.map(\.id)
        }
        #expect(try found() == expected)
        // The older segment is delivered and goes: the ledger keeps its events.
        for batch in [Int64(1), 2] {
            try await fixture.ledger.record(
                DeliveryRecord(resolutions: [
                    try await fixture.resolution(0, batch, client: batch == 1 ? "a" : "b")
                ]), at: destination)
        }
        let kept = try await fixture.reader.quarantined(segment: fixture.segments[0], after: 0, limit: 100).events
        #expect(kept.count == 6)
        try await fixture.ledger.keep(kept)
        #expect(try found() == expected, "both are there")
        try await fixture.close(0)
        #expect(try found() == expected, "only the ledger has it")
        var filter = DeadLetterFilter()
        filter.reason = "rule_1"
        #expect(try found(filter).count == 3)
        filter.client = "a"
        #expect(try found(filter).count == 1)
        try await fixture.ledger.shutdown()
    }
}
