internal import Diagnosis
internal import Store
internal import Testing

/// A row for each fate of an event, and every verdict that is not `ok`.
@Suite struct EventDiagnosisTests {
    private static let second: Int64 = 1_000_000_000
    private static let now: Int64 = 1_800_000_000 * second

    private func facts(_ destinations: [EventPlace.Destination], refusal: EventPlace.Refusal? = nil) -> EventFacts {
        var facts = EventFacts(now: Self.now, id: "e")
        facts.place = EventPlace(
            segment: 1, batch: 2, event: 3, receivedAt: Self.now - 5 * Self.second, client: "i",
            source: "unlicensed_instance", refusal: refusal, destinations: destinations)
        return facts
    }

    private func verdicts(_ facts: EventFacts) -> [DiagnosisCheck.Subject: DiagnosisVerdict] {
        let checks = EventDiagnosis(facts).diagnosis.checks
        return Dictionary(uniqueKeysWithValues: checks.filter { $0.verdict != .ok }.map { ($0.subject, $0.verdict) })
    }

    private func destination(_ fate: EventPlace.Fate, _ state: DestinationState? = nil) -> EventPlace.Destination {
        EventPlace.Destination(name: "pubsub://p/t", state: state, fate: fate)
    }

    @Test func delivered() throws {
        let receipt = EventReceipt(deliveredAt: Self.now - Self.second, messageID: "4711")
        let facts = facts([destination(.delivered(receipt))])
        #expect(verdicts(facts).isEmpty)
        let diagnosis = EventDiagnosis(facts).diagnosis
        #expect(diagnosis.outcome == .fine)
        #expect(diagnosis.checks.contains { $0.subject == .delivered && $0.text.contains("as message 4711") })
        #expect(verdicts(self.facts([destination(.delivered(nil))])).isEmpty)
    }

    @Test func resolvedWithoutAReceipt() {
        #expect(verdicts(facts([destination(.resolved)])) == [.delivered: .notKnown])
    }

    @Test func waiting() {
        #expect(verdicts(facts([destination(.waiting)])) == [.delivered: .lookHere])
        let open = DestinationState(breaker: .open, lastErrorCode: "unavailable")
        #expect(verdicts(facts([destination(.waiting, open)])) == [.waiting: .problem, .delivered: .lookHere])
        var stopped = facts([destination(.waiting)])
        stopped.forwarderIsRunning = false
        #expect(verdicts(stopped) == [.waiting: .problem, .delivered: .lookHere])
        #expect(verdicts(facts([])) == [.waiting: .problem, .delivered: .lookHere], "no forwarder ever")
    }

    @Test func atOneOfTwo() {
        let two = [destination(.delivered(EventReceipt(deliveredAt: Self.now))), destination(.waiting)]
        #expect(verdicts(facts(two)) == [.delivered: .lookHere])
        var inactive = two
        inactive[1].isActive = false
        #expect(verdicts(facts(inactive)).isEmpty)
    }

    @Test func dead() {
        let facts = facts([destination(.dead(letter: 17, code: "invalid", message: "no"))])
        #expect(verdicts(facts) == [.delivered: .lookHere, .dead: .problem])
        #expect(EventDiagnosis(facts).diagnosis.next.contains { $0.contains("dead-letters show 17") })
    }

    @Test func quarantined() {
        let refusal = EventPlace.Refusal(
            reason: "oversized", detail: "too large", id: .quarantine(segment: 1, row: 2))
        let facts = facts([], refusal: refusal)
        #expect(verdicts(facts) == [.event: .lookHere, .quarantined: .problem])
        #expect(EventDiagnosis(facts).diagnosis.next.contains { $0.contains("q1.2") })
    }

    @Test func notFound() {
        var facts = EventFacts(now: Self.now, id: "e")
        facts.search.segments = 3
        let diagnosis = EventDiagnosis(facts).diagnosis
        #expect(diagnosis.outcome == .unknown)
        #expect(diagnosis[.event] == .notKnown)
        facts.search.isComplete = false
        #expect(EventDiagnosis(facts).diagnosis.checks[0].text.contains("not all of the spool"))
    }
}
