import Contract
import SwiftProtobuf
import Testing

@testable import Ingest

@Suite struct BatchOutcomeTests {
    private func event(_ id: String, feature: String = "search") -> Telemetrygateway_V1_Event {
        var event = Telemetrygateway_V1_Event()
        event.id = id
        event.feature = feature
        event.action = "viewed"
        event.timestamp.seconds = 1_700_000_000
        return event
    }

    private func outcome(
        _ events: [Telemetrygateway_V1_Event], acknowledgesRefused: Bool
    ) throws -> BatchOutcome {
        var request = Telemetrygateway_V1_RecordEventsRequest()
        request.events.events = events
        let bytes: [UInt8] = try request.serializedBytes()
        var scanner = WireScanner()
        _ = try bytes.withUnsafeBytes { try scanner.scan($0, acknowledgeRefused: acknowledgesRefused) }
        return BatchOutcome(scanner)
    }

    @Test func positionsOfRefusedEventsAreThoseOfTheAcknowledgement() throws {
        let events = [
            event("", feature: "x"), event("a"), event("b", feature: "NO"), event("c"), event("d", feature: "N"),
        ]
        let forInstances = try outcome(events, acknowledgesRefused: true)
        #expect(forInstances.accepted == 2)
        #expect(forInstances.acknowledgedRefusals == [0, 2, 4])
        #expect(forInstances.refusals.count == 3)
        let forServices = try outcome(events, acknowledgesRefused: false)
        #expect(forServices.accepted == 2)
        #expect(forServices.acknowledgedRefusals.isEmpty)
    }

    @Test func aCleanBatchHasNone() throws {
        let clean = try outcome([event("a"), event("b")], acknowledgesRefused: true)
        #expect(clean.accepted == 2)
        #expect(clean.refusals.isEmpty && clean.acknowledgedRefusals.isEmpty)
    }
}
