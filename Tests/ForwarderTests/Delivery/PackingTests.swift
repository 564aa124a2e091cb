import Store
import Testing

@testable import Forwarder

@Suite struct PackingTests {
    private func packing(messages: Int, bytes: Int) -> Packing {
        Packing(
            limits: RequestLimits(
                maximumMessages: messages, maximumBytes: bytes, maximumMessageBytes: 1000, maximumInFlight: 1))
    }

    private func batch(_ id: Int64, events: Int) -> StoredBatch {
        StoredBatch(
            segment: 1, id: id, stream: 1, receivedAt: 0, payload: [],
            index: Array(repeating: 0, count: 2 * events))
    }

    @Test func cutsByCountAndJoinsNeighbouringEvents() {
        var packing = packing(messages: 3, bytes: 1000)
        let first = batch(1, events: 2)
        let second = batch(2, events: 3)
        packing.add(message: 0, size: 10, bytes: 8, batch: first, event: 0)
        packing.add(message: 1, size: 10, bytes: 8, batch: first, event: 1)
        for event in 0..<3 {
            packing.add(message: 2 + event, size: 10, bytes: 8, batch: second, event: event)
        }
        let packed = packing.finish()
        #expect(packed.map(\.messages) == [0..<3, 3..<5])
        #expect(packed.map(\.messageBytes) == [24, 16])
        #expect(
            packed[0].resolutions == [
                Resolution(segment: 1, batch: 1, events: 0..<2, batchEvents: 2),
                Resolution(segment: 1, batch: 2, events: 0..<1, batchEvents: 3),
            ])
        #expect(packed[1].resolutions == [Resolution(segment: 1, batch: 2, events: 1..<3, batchEvents: 3)])
    }

    @Test func cutsByEncodedBytesAndLetsALargeMessageTravelAlone() {
        var packing = packing(messages: 100, bytes: 50)
        let events = batch(1, events: 4)
        for (event, size) in [30, 20, 90, 10].enumerated() {
            packing.add(message: event, size: size, bytes: size, batch: events, event: event)
        }
        #expect(packing.finish().map(\.messages) == [0..<2, 2..<3, 3..<4])
    }

    @Test func aGapBetweenEventsIsNotJoinedOver() {
        var packing = packing(messages: 100, bytes: 1000)
        let events = batch(1, events: 3)
        packing.add(message: 0, size: 1, bytes: 1, batch: events, event: 0)
        packing.add(message: 1, size: 1, bytes: 1, batch: events, event: 2)
        #expect(
            packing.finish()[0].resolutions == [
                Resolution(segment: 1, batch: 1, events: 0..<1, batchEvents: 3),
                Resolution(segment: 1, batch: 1, events: 2..<3, batchEvents: 3),
            ])
    }

    @Test func aMessageThatIsLeftOutEndsItsRequest() {
        var packing = packing(messages: 100, bytes: 1000)
        let events = batch(1, events: 4)
        packing.add(message: 0, size: 1, bytes: 1, batch: events, event: 0)
        packing.skip()
        packing.skip()
        packing.add(message: 3, size: 1, bytes: 1, batch: events, event: 3)
        let packed = packing.finish()
        #expect(packed.map(\.messages) == [0..<1, 3..<4])
        #expect(packed.map { $0.resolutions.map(\.events) } == [[0..<1], [3..<4]])
    }

    @Test func aMessageThatGoesAloneEndsTheRequestBeforeIt() {
        var packing = packing(messages: 100, bytes: 1000)
        let events = batch(1, events: 3)
        for event in 0..<3 {
            packing.add(message: event, size: 1, bytes: 1, batch: events, event: event, isAlone: event == 1)
        }
        #expect(packing.finish().map(\.messages) == [0..<1, 1..<2, 2..<3])
    }

    @Test func nothingGivesNoRequest() {
        var packing = packing(messages: 1, bytes: 1)
        #expect(packing.finish().isEmpty)
    }
}
