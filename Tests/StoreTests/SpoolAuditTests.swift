import Testing

@testable import Store

/// accepted = delivered + pending + dead + expired + purged + damaged + skipped.
struct SpoolAuditTests {
    @Test
    func everyOutcomeIsCountedForItsClient() async throws {
        let fixture = try await LedgerFixture([["a", "b", "a", "b"], ["a"]])
        let ledger = fixture.ledger
        let first = try await ledger.register(destination: "first")
        _ = try await ledger.register(destination: "second")
        let outcomes: [Outcome] = [.delivered, .expired, .skipped, .purged]
        for (batch, outcome) in zip(1..., outcomes) {
            let client = batch % 2 == 1 ? "a" : "b"
            try await ledger.record(
                [fixture.resolution(0, Int64(batch), 0..<3, client: client, outcome)], at: first, deliveredBytes: 1)
        }
        try await fixture.kill(0, 1, 3, client: "a", at: first)
        let audit = try fixture.inspector.audit()
        #expect(audit.isBalanced, "\(audit.differences)")
        let row = try #require(audit.destinations.first)
        #expect(row.accepted == 25 && row.pending == 12)
        #expect(row.outcomes.delivered == 3 && row.outcomes.dead == 1 && row.outcomes.expired == 3)
        #expect(row.outcomes.purged == 3 && row.outcomes.skipped == 3)
        #expect(audit.destinations.last?.pending == 25)
        let a = try #require(audit.clients.first { $0.destination == "first" && $0.client == "a" })
        #expect(a.accepted == 15 && a.pending == 8 && a.outcomes.sum == 7)
        let waiting = try fixture.inspector.waitingByClient(at: "first")
        #expect(waiting.map(\.name) == ["a", "b"] && waiting.map(\.events) == [8, 4])
        let status = try fixture.inspector.status()
        #expect(status.destinations.first?.outcomes == row.outcomes)
        #expect(status.destinations.first?.waiting.events == 12)
        #expect(status.destinations.first?.deadLetters.letters == 1)
        try await ledger.shutdown()
    }

    @Test
    func closedSegmentsStayInTheEquation() async throws {
        let fixture = try await LedgerFixture([["a", "b"], ["b"]])
        let ledger = fixture.ledger
        let destinations = [
            try await ledger.register(destination: "first"), try await ledger.register(destination: "gone"),
        ]
        try await ledger.record(
            [fixture.resolution(0, 1, 0..<2, client: "a")], at: destinations[1], deliveredBytes: 1)
        // The second one is taken out of the configuration: what it has not got is skipped.
        try await ledger.activate(destinations: [destinations[0]])
        for (batch, client) in [(Int64(1), "a"), (2, "b")] {
            try await ledger.record(
                [fixture.resolution(0, batch, client: client)], at: destinations[0], deliveredBytes: 1)
        }
        #expect(try await ledger.waiting(segment: fixture.segments[0]) == [destinations[0]])
        try await ledger.finish(segment: fixture.segments[0], at: destinations[0])
        #expect(try await ledger.waiting(segment: fixture.segments[0]).isEmpty)
        for removing in [false, true] {
            // Closing twice, as after a crash, counts once.
            try await fixture.close(0, removing: removing)
            let audit = try fixture.inspector.audit()
            #expect(audit.isBalanced, "\(audit.differences)")
            #expect(audit.destinations.map(\.accepted) == [15, 15])
            #expect(audit.destinations.map(\.pending) == [5, 5])
            #expect(audit.destinations.map(\.outcomes.delivered) == [10, 2])
            #expect(audit.destinations.map(\.outcomes.skipped) == [0, 8])
            #expect(audit.destinations.map(\.isActive) == [true, false])
        }
        #expect(try await ledger.retainedSegments().isEmpty)
        try await ledger.shutdown()
    }

    @Test(arguments: [
        "UPDATE client_total SET delivered = delivered + 1 WHERE client = (SELECT id FROM client WHERE name = 'a')",
        "UPDATE destination SET delivered_events = delivered_events - 1",
        "UPDATE client_total SET accepted = accepted + 1",
        "DELETE FROM dead_letter",
        "UPDATE progress SET through_batch = 2",
        "UPDATE progress SET resolved_events = resolved_events + 1",
        "DELETE FROM client_total WHERE client = (SELECT id FROM client WHERE name = 'a')",
    ])
    func aPlantedDifferenceIsFound(sql: String) async throws {
        let fixture = try await LedgerFixture([["a", "b", "a"]])
        let destination = try await fixture.ledger.register(destination: "d")
        try await fixture.ledger.record(
            [fixture.resolution(0, 1, 0..<4, client: "a")], at: destination, deliveredBytes: 1)
        try await fixture.kill(0, 1, 4, client: "a", at: destination)
        #expect(try fixture.inspector.audit().isBalanced)
        try await fixture.tamper(sql)
        let audit = try fixture.inspector.audit()
        #expect(!audit.isBalanced)
        try await fixture.ledger.shutdown()
    }

    @Test
    func aSegmentThatWasDeletedByHandIsADifference() async throws {
        let fixture = try await LedgerFixture([["a", "a"], ["a"]])
        let destination = try await fixture.ledger.register(destination: "d")
        try await fixture.ledger.record(
            [fixture.resolution(0, 1, client: "a")], at: destination, deliveredBytes: 1)
        try fixture.layout.unlinkSegment(fixture.segments[0])
        let audit = try fixture.inspector.audit()
        #expect(audit.differences.contains { $0.contains("segment \(fixture.segments[0])") })
        try await fixture.ledger.shutdown()
    }

    @Test
    func damageIsAnOutcomeAndNoDifference() async throws {
        let fixture = try await LedgerFixture([["a", "a", "b"]])
        let ledger = fixture.ledger
        let destination = try await ledger.register(destination: "d")
        let segment = fixture.segments[0]
        try await ledger.record([fixture.resolution(0, 1, 0..<2, client: "a")], at: destination, deliveredBytes: 1)
        let damaged = DamagedBatch(segment: segment, id: 1, events: 5, reason: "r")
        try await ledger.setAside([damaged])
        try await ledger.record([Resolution(damaged: damaged)], at: destination, deliveredBytes: 0)
        try await ledger.record([fixture.resolution(0, 2, client: "a")], at: destination, deliveredBytes: 1)
        var audit = try fixture.inspector.audit()
        #expect(audit.isBalanced, "\(audit.differences)")
        #expect(audit.destinations.first?.outcomes.damaged == 3)
        #expect(audit.destinations.first?.pending == 5)
        // The third is in the seal and never seen.
        #expect(
            try await ledger.finish(segment: segment, at: destination, totals: SegmentTotals(batches: 3, events: 15))
                == 5)
        try await fixture.close(0)
        audit = try fixture.inspector.audit()
        #expect(audit.isBalanced, "\(audit.differences)")
        #expect(audit.destinations.first?.outcomes.damaged == 8)
        #expect(audit.destinations.first?.accepted == 15)
        try await ledger.shutdown()
    }

    @Test
    func clientsBeyondTheLimitShareARow() async throws {
        let fixture = try await LedgerFixture([["a", "b", "c", "d"]], maximumClients: 2)
        let ledger = fixture.ledger
        let destination = try await ledger.register(destination: "d")
        for (batch, client) in zip(1..., ["a", "b", "c"]) {
            try await ledger.record(
                [fixture.resolution(0, Int64(batch), client: client)], at: destination, deliveredBytes: 1)
        }
        let known = try await ledger.client(name: "a", source: "instance")
        #expect(try await ledger.client(name: "c", source: "instance") == .other)
        #expect(try await ledger.client(name: "a", source: "instance") == known)
        let audit = try fixture.inspector.audit()
        #expect(audit.isBalanced, "\(audit.differences)")
        #expect(audit.clients.map(\.client) == ["(other)", "a", "b"])
        #expect(audit.clients.map(\.accepted) == [10, 5, 5])
        try await ledger.shutdown()
    }
}
