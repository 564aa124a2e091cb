import Contract
import Store
import TestSupport
import Testing

@testable import Forwarder

/// What the destination answered is found again for each event, whatever way its request went.
@Suite(.timeLimit(.minutes(1))) struct DeliveryReceiptTests {
    private func place(_ id: String, in world: DeliveryWorld) throws -> EventPlace? {
        try SpoolInspector(layout: world.layout).event(
            id: Array(id.utf8), eventID: { WireScanner.eventID(of: $0) }
        ).places.first
    }

    @Test func eachEventFindsItsOwn() async throws {
        // The poison cuts requests in two, again and again.
        let destination = ScriptedDestination(maximumMessages: 40) { ids, _ in
            ids.contains("1-21") ? ScriptedDestination.refusal : nil
        }
        let batches = (0..<3).map { batch in (0..<50).map { "\(batch)-\($0)" } }
        let world = try await DeliveryWorld(batches, destination)
        #expect(try place("0-7", in: world)?.destinations.map(\.fate) == [.waiting])
        try await world.drain()
        for id in batches.joined() {
            let fate = try #require(try place(id, in: world)?.destinations.first?.fate)
            switch fate {
            case .delivered(let receipt?): #expect(receipt.messageID == "message of \(id)")
            case .dead(let letter, let code, _): #expect(id == "1-21" && letter == 1 && code == "invalid")
            default: Issue.record("\(id): \(fate)")
            }
        }
        #expect(try place("0-70", in: world) == nil)
        let figures = try SpoolInspector(layout: world.layout).client(try TestEvents.stream().client)
        let part = try #require(figures.destinations.first)
        #expect(part.outcomes.delivered == 149)
        #expect(part.waitingEvents == 0)
        // Which request was the last one depends on the halves that were tried again.
        #expect(part.lastReceipt?.messageID?.hasPrefix("message of ") == true)
        #expect(figures.letters.map(\.newest) == [1])
        #expect(figures.storedEvents == 150)
        #expect(try SpoolInspector(layout: world.layout).client("nobody").isEmpty)
        // Without receipts nothing is claimed.
        await world.receipts.remove(segment: world.segment)
        #expect(try place("0-7", in: world)?.destinations.map(\.fate) == [.resolved])
        try await world.ledger.shutdown()
    }
}
