import Testing

@testable import Store

/// Dead letters: kept, found, sent again, gone only by a decision, and bounded.
struct DeadLetterTests {
    private func filter(_ body: (inout DeadLetterFilter) -> Void) -> DeadLetterFilter {
        var filter = DeadLetterFilter()
        body(&filter)
        return filter
    }

    private func expectBalance(_ fixture: LedgerFixture) throws {
        let audit = try fixture.inspector.audit()
        #expect(audit.isBalanced, "\(audit.differences)")
    }

    @Test
    func lettersAreKeptWholeAndFoundByWhatTheyAre() async throws {
        let fixture = try await LedgerFixture([["a", "b"]])
        let first = try await fixture.ledger.register(destination: "first")
        let second = try await fixture.ledger.register(destination: "second")
        try await fixture.kill(0, 1, 0, client: "a", at: first)
        try await fixture.kill(0, 1, 1, client: "a", at: first, reason: "oversized")
        try await fixture.kill(0, 2, 0, client: "b", at: first)
        try await fixture.kill(0, 2, 0, client: "b", at: second)
        // The same once more, as after a commit whose result was not known.
        try await fixture.kill(0, 1, 0, client: "a", at: first)
        try await fixture.restart()
        let letters = try fixture.inspector.deadLetters(DeadLetterFilter(), limit: 10)
        #expect(letters.map(\.address.event) == [0, 1, 0, 0])
        let letter = try #require(try fixture.inspector.deadLetter(letters[0].id))
        #expect(letter.bytes == Array(repeating: 9, count: 10) && letters[0].bytes.isEmpty)
        #expect(letter.stream == LedgerFixture.stream("a") && letter.destination == "first")
        #expect(letter.code == "invalid_argument" && letter.attempts == 2 && letter.eventID == [1, 2])
        #expect(letter.history == [AttemptFailure(at: 5, code: "invalid_argument", message: "no")])
        #expect(letter.digest == "d1" && letter.feature == "search" && letter.action == "open")
        let filters: [(DeadLetterFilter, Int64)] = [
            (filter { $0.client = "a" }, 2), (filter { $0.destination = "second" }, 1),
            (filter { $0.reason = "oversized" }, 1), (filter { $0.code = "invalid_argument" }, 4),
            (filter { $0.feature = "search" }, 4), (filter { $0.action = "close" }, 0),
            (filter { $0.state = .replaying }, 0), (filter { $0.ids = [letters[1].id, letters[2].id] }, 2),
            (filter { $0.from = 6 }, 0), (filter { $0.to = 5 }, 0),
            (
                filter {
                    $0.from = 5; $0.to = 6
                }, 4
            ),
            (filter { $0.client = "a' OR 1 --" }, 0),
        ]
        for (filter, count) in filters {
            #expect(try fixture.inspector.countDeadLetters(filter).letters == count, "\(filter.text)")
        }
        try expectBalance(fixture)
        try await fixture.ledger.shutdown()
    }

    @Test
    func aReplayIsDeliveredOrWaitsAgain() async throws {
        let fixture = try await LedgerFixture([["a"]])
        let destination = try await fixture.ledger.register(destination: "d")
        for event in 0..<3 { try await fixture.kill(0, 1, event, client: "a", at: destination) }
        let wanted = filter { $0.client = "a" }
        #expect(try await fixture.ledger.replay(wanted, rate: 12.5, actor: "ann") == 3)
        #expect(try await fixture.ledger.replay(wanted, rate: 12.5, actor: "ann") == 0)
        try await fixture.restart()
        #expect(try await fixture.ledger.replayRate(of: destination) == 12.5)
        let next = try await fixture.ledger.nextReplays(of: destination, limit: 2)
        let rest = try await fixture.ledger.nextReplays(of: destination, limit: 2, after: 2)
        #expect(next.map(\.address.event) == [0, 1] && rest.map(\.address.event) == [2])
        #expect(next[0].bytes.count == 10 && next[0].stream == LedgerFixture.stream("a"))
        try await fixture.ledger.record(
            DeliveryRecord(replays: [
                ReplayOutcome(letter: 1), ReplayOutcome(letter: 99),
                ReplayOutcome(letter: 2, failure: AttemptFailure(at: 77, code: "again", message: "still no")),
            ]), at: destination)
        let letters = try fixture.inspector.deadLetters(DeadLetterFilter(), limit: 10)
        #expect(letters.map(\.state) == [.delivered, .waiting, .replaying])
        #expect(letters[1].attempts == 3 && letters[1].code == "again" && letters[1].history.map(\.at) == [5, 77])
        let row = try #require(try fixture.inspector.audit().destinations.first)
        #expect(row.outcomes.delivered == 1 && row.outcomes.dead == 2)
        try expectBalance(fixture)
        #expect(try await fixture.ledger.cancelReplay(DeadLetterFilter(), actor: "ann") == 1)
        #expect(try await fixture.ledger.nextReplays(of: destination, limit: 2).isEmpty)
        // Purging takes what waits and what is delivered; only what waited was still dead.
        #expect(try await fixture.ledger.purge(DeadLetterFilter(), actor: "bob") == 3)
        let purged = try #require(try fixture.inspector.audit().destinations.first)
        #expect(purged.outcomes.delivered == 1 && purged.outcomes.dead == 0 && purged.outcomes.purged == 2)
        try expectBalance(fixture)
        #expect(try await fixture.ledger.deadLetterUsage(of: destination) == DeadLetterUsage())
        let acts = try fixture.inspector.operatorActs(limit: 10)
        #expect(acts.map(\.action) == ["purge", "cancel_replay", "replay", "replay"])
        #expect(acts.map(\.events) == [3, 1, 0, 3])
        try await fixture.ledger.shutdown()
    }

    @Test
    func anEditedCopyGoesInThePlaceOfItsOriginal() async throws {
        let fixture = try await LedgerFixture([["a"]])
        let destination = try await fixture.ledger.register(destination: "d")
        for event in 0..<2 { try await fixture.kill(0, 1, event, client: "a", at: destination) }
        let edited = (1...3).map { EditedLetter(id: .letter($0), bytes: [5, 5], digest: "d2") }
        #expect(try await fixture.ledger.replay(edited: edited, rate: 0, actor: "ann") == 2)
        let copies = try await fixture.ledger.nextReplays(of: destination, limit: 9)
        #expect(copies.map(\.bytes) == [[5, 5], [5, 5]] && copies.map(\.original) == [1, 2])
        #expect(copies.allSatisfy(\.isEdited) && copies.map(\.digest) == ["d2", "d2"])
        try expectBalance(fixture)
        try await fixture.ledger.record(
            DeliveryRecord(replays: [
                ReplayOutcome(letter: 3),
                ReplayOutcome(letter: 4, failure: AttemptFailure(at: 1, code: "c", message: "")),
            ]), at: destination)
        let letters = try fixture.inspector.deadLetters(DeadLetterFilter(), limit: 9)
        #expect(letters.map(\.state) == [.delivered, .replaced, .delivered, .waiting])
        // The original stays as it was.
        #expect(try fixture.inspector.deadLetter(.letter(1))?.bytes.count == 10)
        try expectBalance(fixture)
        // A copy and its original are one event.
        #expect(try await fixture.ledger.purge(filter { $0.state = .waiting }, actor: "ann") == 1)
        #expect(try fixture.inspector.deadLetters(DeadLetterFilter(), limit: 9).count == 2)
        try expectBalance(fixture)
        #expect(try fixture.inspector.audit().destinations.first?.outcomes.purged == 1)
        try await fixture.ledger.shutdown()
    }

    @Test
    func atTheBoundNothingIsChangedUnlessLettersMayExpire() async throws {
        for bounds in [
            DeadLetterBounds(count: 2, age: .max, policy: .pause),
            DeadLetterBounds(bytes: 30, age: .max, policy: .pause),
        ] {
            let fixture = try await LedgerFixture([["a"]], bounds: bounds)
            let destination = try await fixture.ledger.register(destination: "d")
            for event in 0..<2 { try await fixture.kill(0, 1, event, client: "a", at: destination) }
            let before = await fixture.ledger.progress(of: destination)
            let error = await #expect(throws: StoreError.self) {
                try await fixture.kill(0, 1, 2, client: "a", at: destination)
            }
            #expect(error?.code == .full && error?.message.contains("gatewayctl dead-letters") == true)
            #expect(await fixture.ledger.progress(of: destination) == before)
            try expectBalance(fixture)
            // Deliveries go on being recorded, and room makes room.
            try await fixture.ledger.record(
                [fixture.resolution(0, 1, 4..<5, client: "a")], at: destination, deliveredBytes: 1)
            _ = try await fixture.ledger.purge(filter { $0.ids = [.letter(1)] }, actor: "ann")
            try await fixture.kill(0, 1, 2, client: "a", at: destination)
            try expectBalance(fixture)
            try await fixture.ledger.shutdown()
        }
    }

    @Test
    func theOldestExpireWhenThatIsChosen() async throws {
        for bounds in [
            DeadLetterBounds(count: 2, age: .max, policy: .expire),
            DeadLetterBounds(bytes: 30, age: .max, policy: .expire),
        ] {
            let fixture = try await LedgerFixture([["a"]], bounds: bounds)
            let destination = try await fixture.ledger.register(destination: "d")
            for event in 0..<4 { try await fixture.kill(0, 1, event, client: "a", at: destination) }
            let letters = try fixture.inspector.deadLetters(DeadLetterFilter(), limit: 9)
            #expect(letters.map(\.address.event) == [2, 3])
            let row = try #require(try fixture.inspector.audit().destinations.first)
            #expect(row.outcomes.dead == 2 && row.outcomes.expired == 2)
            try expectBalance(fixture)
            try await fixture.ledger.shutdown()
        }
    }

    @Test
    func lettersThatAreTooOldExpireOrPause() async throws {
        // The letters of the fixture are of the year 1970.
        for policy in DeadLetterBounds.Policy.allCases {
            let fixture = try await LedgerFixture([["a"]], bounds: DeadLetterBounds(age: .max, policy: policy))
            let destination = try await fixture.ledger.register(destination: "d")
            try await fixture.kill(0, 1, 0, client: "a", at: destination)
            #expect(try await fixture.ledger.expireDeadLetters(of: destination) == 0)
            #expect(try await !fixture.ledger.isAtDeadLetterBound(destination))
            try await fixture.restart(bounds: DeadLetterBounds(age: 1_000, policy: policy))
            _ = try await fixture.ledger.register(destination: "d")
            #expect(try await fixture.ledger.isAtDeadLetterBound(destination) == (policy == .pause))
            #expect(try await fixture.ledger.expireDeadLetters(of: destination) == (policy == .expire ? 1 : 0))
            let row = try #require(try fixture.inspector.audit().destinations.first)
            #expect(row.outcomes.expired == (policy == .expire ? 1 : 0))
            try expectBalance(fixture)
            try await fixture.ledger.shutdown()
        }
    }

    @Test
    func quarantinedEventsAreInTheSameList() async throws {
        let refused = QuarantineRecord(offset: 5, length: 2, reason: "no_event_id", detail: "why", eventID: [8])
        let fixture = try await LedgerFixture([["a", "b"], ["b"]], quarantined: [refused])
        let first = try await fixture.ledger.register(destination: "first")
        _ = try await fixture.ledger.register(destination: "second")
        try await fixture.kill(0, 1, 0, client: "a", at: first)
        let letters = try fixture.inspector.deadLetters(DeadLetterFilter(), limit: 9)
        #expect(letters.map(\.kind) == [.refused, .quarantine, .quarantine, .quarantine])
        let quarantined = letters[1]
        #expect(quarantined.id.description == "q\(fixture.segments[0]).1")
        #expect(DeadLetterID(quarantined.id.description) == quarantined.id)
        #expect(try fixture.inspector.deadLetter(quarantined.id)?.bytes == Array("fg".utf8))
        #expect(try fixture.inspector.countDeadLetters(filter { $0.client = "b" }).letters == 2)
        // Sent to every destination; it is no accepted event, and changes no total.
        let one = filter { $0.ids = [quarantined.id] }
        #expect(try await fixture.ledger.replay(one, rate: 1, actor: "ann") == 2)
        #expect(try await fixture.ledger.replay(one, rate: 1, actor: "ann") == 0)
        let next = try await fixture.ledger.nextReplays(of: first, limit: 9)
        #expect(next.map(\.kind) == [.quarantine] && next.map(\.bytes) == [Array("fg".utf8)])
        guard case .letter(let number) = next[0].id else { return }
        try await fixture.ledger.record(DeliveryRecord(replays: [ReplayOutcome(letter: number)]), at: first)
        #expect(try fixture.inspector.audit().destinations.first?.outcomes.delivered == 0)
        try expectBalance(fixture)
        // Purged, it stays away, also when its segment is copied into the ledger later.
        #expect(
            try await fixture.ledger.purge(
                filter {
                    $0.kind = .quarantine; $0.client = "b"
                }, actor: "ann") == 2)
        for segment in fixture.segments {
            let page = try await fixture.reader.quarantined(segment: segment, after: 0, limit: 9)
            try await fixture.ledger.keep(page.events)
        }
        #expect(try fixture.inspector.quarantined(limit: 9).map(\.stream.client) == ["a"])
        #expect(try await fixture.ledger.purge(one, actor: "ann") == 1)
        #expect(try fixture.inspector.quarantined(limit: 9).isEmpty)
        try await fixture.ledger.shutdown()
    }
}
