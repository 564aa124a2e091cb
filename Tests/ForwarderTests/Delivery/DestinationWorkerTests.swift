import Store
import TestSupport
import Testing

@testable import Forwarder

/// The loop between core, destination and ledger, with a destination in memory.
@Suite(.timeLimit(.minutes(5))) struct DestinationWorkerTests {
    private static let ids = (0..<64).map { "event-\($0)" }

    @Test func anEventThatIsRefusedAloneBecomesADeadLetterAndAllOthersArriveOnce() async throws {
        let destination = ScriptedDestination { ids, _ in
            ids.contains("event-21") ? ScriptedDestination.refusal : nil
        }
        let world = try await DeliveryWorld([Self.ids], destination)
        try await world.drain()
        #expect(
            destination.taken.values.map(\.id).sorted() == Self.ids.filter { $0 != "event-21" }.sorted(), "each once")
        let letters = try world.deadLetters()
        #expect(letters.map(\.eventID) == [Array("event-21".utf8)])
        let letter = try #require(letters.first)
        #expect(letter.bytes == (try TestEvents.bytes("event-21")))
        #expect(letter.address == EventAddress(segment: world.segment, batch: 1, event: 21))
        #expect(letter.reason == "refused" && letter.code == "invalid" && letter.attempts == 3)
        #expect(letter.history.map(\.message) == ["refused", "refused", "refused"])
        #expect(destination.requests.values.count { $0 == ["event-21"] } == 3)
        #expect(try world.isBalanced())
        try await world.ledger.shutdown()
    }

    @Test func anOutageIsNoAttemptOfAnyEvent() async throws {
        let destination = ScriptedDestination { _, number in number < 12 ? ScriptedDestination.outage : nil }
        let world = try await DeliveryWorld([Self.ids, ["last"]], destination)
        try await world.drain()
        #expect(destination.taken.values.map(\.id).sorted() == (Self.ids + ["last"]).sorted(), "each once")
        #expect(destination.requests.values.count > 12)
        #expect(try world.deadLetters().isEmpty)
        #expect(try await world.ledger.attempts(of: world.identifier).isEmpty)
        #expect(try world.isBalanced())
        try await world.ledger.shutdown()
    }

    @Test func whatCanNotBeSentIsNeverAskedFor() async throws {
        let destination = ScriptedDestination(unsendable: ["event-3", "event-63"])
        let world = try await DeliveryWorld([Self.ids], destination)
        try await world.drain()
        let sent = Self.ids.filter { !destination.unsendable.contains($0) }
        #expect(destination.requests.values.flatMap(\.self).sorted() == sent.sorted())
        let letters = try world.deadLetters()
        #expect(letters.map(\.address.event) == [3, 63])
        #expect(letters.allSatisfy { $0.reason == "oversized" && $0.message == "too large" })
        #expect(try world.isBalanced())
        try await world.ledger.shutdown()
    }

    @Test func anEventThatWasRefusedBeforeTheStartGoesAloneAndItsAttemptsCount() async throws {
        let destination = ScriptedDestination { ids, _ in
            ids.contains("event-5") ? ScriptedDestination.refusal : nil
        }
        let world = try await DeliveryWorld([Self.ids], destination)
        let before = AttemptFailure(at: 1, code: "invalid", message: "before the start")
        let attempt = EventAttempt(
            address: EventAddress(segment: world.segment, batch: 1, event: 5), attempts: 2, firstFailedAt: 1,
            lastFailedAt: 1,
            nextTryAt: 1, history: [before, before])
        try await world.ledger.record(DeliveryRecord(attempts: [attempt]), at: world.identifier)
        try await world.drain()
        let requests = destination.requests.values
        #expect(requests.filter { $0.contains("event-5") }.allSatisfy { $0 == ["event-5"] })
        // The neighbours are not refused with it.
        #expect(requests.filter { !$0.contains("event-5") }.flatMap(\.self).count == Self.ids.count - 1)
        let letter = try #require(try world.deadLetters().first)
        #expect(letter.history.prefix(2) == [before, before])
        #expect(letter.history.count == Int(letter.attempts))
        #expect(letter.attempts < 6, "those before the start count")
        try await world.ledger.shutdown()
    }

    @Test func deadLettersAreSentAgainAndMarked() async throws {
        let isHealed = Changeable(false)
        let destination = ScriptedDestination { ids, _ in
            !isHealed.value && ids.contains("event-8") ? ScriptedDestination.refusal : nil
        }
        let world = try await DeliveryWorld([Self.ids], destination)
        try await world.drain()
        let letter = try #require(try world.deadLetters().first)
        #expect(try await world.ledger.replay(DeadLetterFilter(), rate: 0, actor: "test") == 1)
        // Refused once more: it waits again, and its story is longer.
        try await world.replay()
        let waiting = try #require(try world.deadLetters().first)
        #expect(waiting.state == .waiting && waiting.attempts == letter.attempts + 1)
        isHealed.value = true
        #expect(try await world.ledger.replay(DeadLetterFilter(), rate: 0, actor: "test") == 1)
        try await world.replay()
        #expect(try world.deadLetters().map(\.state) == [.delivered])
        let last = try #require(destination.taken.values.last)
        #expect(last.id == "event-8")
        #expect(last.attributes["gateway.replay"] == "dead-letter-\(letter.id)")
        #expect(destination.taken.values.dropLast().allSatisfy { $0.attributes["gateway.replay"] == nil })
        #expect(try world.isBalanced())
        try await world.ledger.shutdown()
    }

    @Test(arguments: [false, true]) func aReplayOfThePastSendsWhatWasDelivered(withUndelivered: Bool) async throws {
        let destination = ScriptedDestination { ids, _ in
            ids.contains("bad") && ids.count == 1 ? ScriptedDestination.refusal : nil
        }
        let world = try await DeliveryWorld([["a", "bad", "b"], ["old-1", "old-2"], ["c"]], destination)
        // The second batch has expired, one event of the first is a dead letter.
        let client = try await world.ledger.client(name: "instance", source: "unlicensed_instance")
        func resolution(_ events: Range<Int>, of count: Int, batch: Int64, _ outcome: Outcome) -> Resolution {
            Resolution(
                segment: world.segment, batch: batch, events: events, batchEvents: count, client: client,
                outcome: outcome)
        }
        let letter = NewDeadLetter(
            address: EventAddress(segment: world.segment, batch: 1, event: 1), client: client,
            stream: try TestEvents.stream(), receivedAt: 1, eventID: Array("bad".utf8), feature: "", action: "",
            reason: "refused", code: "invalid", message: "", attempts: 3, history: [], digest: "",
            bytes: try TestEvents.bytes("bad"))
        try await world.ledger.record(
            DeliveryRecord(
                resolutions: [
                    resolution(0..<1, of: 3, batch: 1, .delivered), resolution(1..<2, of: 3, batch: 1, .dead),
                    resolution(2..<3, of: 3, batch: 1, .delivered), resolution(0..<2, of: 2, batch: 2, .expired),
                    resolution(0..<1, of: 1, batch: 3, .delivered),
                ], deadLetters: [letter]), at: world.identifier)
        let job = try await world.ledger.addReplayJob(
            at: world.identifier, from: 0, to: .max, client: nil, rate: 0, includesUndelivered: withUndelivered,
            actor: "ann")
        try await world.replay()
        let sent = destination.requests.values.flatMap(\.self)
        #expect(sent == (withUndelivered ? ["a", "bad", "b", "old-1", "old-2", "c"] : ["a", "b", "c"]))
        #expect(destination.taken.values.allSatisfy { $0.attributes["gateway.replay"] == "past-\(job)" })
        #expect(try world.isBalanced())
        try await world.ledger.shutdown()
    }
}
