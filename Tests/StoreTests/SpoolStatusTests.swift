import Testing

@testable import Store

/// What `gatewayctl status` counts.
@Suite struct SpoolStatusTests {
    @Test func batchesThatAreResolvedOutOfTurnDoNotWait() async throws {
        let fixture = try await LedgerFixture([["a", "b", "a", "b", "a", "b"]])
        let destination = try await fixture.ledger.register(destination: "d")
        for batch in [2, 3, 5, 6] as [Int64] {
            let client = batch % 2 == 0 ? "b" : "a"
            try await fixture.ledger.record(
                [try await fixture.resolution(0, batch, client: client)], at: destination, deliveredBytes: 1)
        }
        // A part of the first: it waits with the rest.
        try await fixture.ledger.record(
            [try await fixture.resolution(0, 1, 0..<3, client: "a")], at: destination, deliveredBytes: 1)
        var waiting = try #require(try fixture.inspector.status().destinations.first?.waiting)
        #expect(waiting.events == 7 && waiting.batches == 2)
        try await fixture.ledger.record(
            [try await fixture.resolution(0, 1, client: "a")], at: destination, deliveredBytes: 1)
        waiting = try #require(try fixture.inspector.status().destinations.first?.waiting)
        #expect(waiting.events == 5 && waiting.batches == 1)
        try await fixture.ledger.shutdown()
    }

    @Test func purgedQuarantineIsNotCountedWhileItsSegmentIsThere() async throws {
        let refused = QuarantineRecord(offset: 5, length: 2, reason: "no_event_id", detail: "why", eventID: [8])
        let fixture = try await LedgerFixture([["a", "b"], ["b"]], quarantined: [refused])
        _ = try await fixture.ledger.register(destination: "d")
        #expect(try fixture.inspector.status().quarantinedEvents == 3)
        var filter = DeadLetterFilter()
        filter.ids = [.quarantine(segment: fixture.segments[0], row: 1)]
        #expect(try await fixture.ledger.purge(filter, actor: "ann") == 1)
        #expect(try fixture.inspector.status().quarantinedEvents == 2)
        // Those that are kept count once, whether their segment is there or not.
        for segment in fixture.segments {
            try await fixture.ledger.keep(
                await fixture.reader.quarantined(segment: segment, after: 0, limit: 9).events)
        }
        #expect(try fixture.inspector.status().quarantinedEvents == 2)
        filter.ids = [.quarantine(segment: fixture.segments[1], row: 1)]
        #expect(try await fixture.ledger.purge(filter, actor: "ann") == 1)
        #expect(try fixture.inspector.status().quarantinedEvents == 1)
        try await fixture.ledger.shutdown()
    }
}
