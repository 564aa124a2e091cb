import Contract
import Store
import Testing

@testable import Forwarder

@Suite struct PackedRequestTests {
    private func resolution(_ batch: Int64, _ events: Range<Int>) -> Resolution {
        Resolution(segment: 1, batch: batch, events: events, batchEvents: 10, client: .none, outcome: .delivered)
    }

    /// Seven messages: events 2–4 of batch 1, events 0–3 of batch 2; each as long as its number says.
    private let packed = {
        let messages = (0..<7).map { TestMessage.sized(100 + $0, number: $0) }
        return PackedRequest(
            request: DeliveryRequest(messages),
            resolutions: [
                Resolution(segment: 1, batch: 1, events: 2..<5, batchEvents: 10),
                Resolution(segment: 1, batch: 2, events: 0..<4, batchEvents: 10),
            ], messageBytes: 721)
    }()

    @Test func everyCutKeepsEventsMessagesAndBytesTogether() {
        for count in 0...7 {
            let (left, right) = packed.split(at: count)
            #expect(left.request.messages.count == count && right.request.messages.count == 7 - count)
            for part in [left, right] {
                #expect(part.resolutions.allSatisfy { !$0.events.isEmpty })
                #expect(part.resolutions.reduce(0) { $0 + $1.events.count } == part.request.messages.count)
                let bytes = part.request.arena.messages[part.request.messages].reduce(0) { $0 + $1.data.count }
                #expect(part.messageBytes == bytes)
            }
            #expect(left.messageBytes + right.messageBytes == packed.messageBytes)
        }
    }

    @Test func aCutInsideABatchCutsItsEvents() {
        let (left, right) = packed.split(at: 2)
        #expect(left.resolutions == [resolution(1, 2..<4)])
        #expect(right.resolutions == [resolution(1, 4..<5), resolution(2, 0..<4)])
        let (inner, last) = right.split(at: 4)
        #expect(inner.resolutions == [resolution(1, 4..<5), resolution(2, 0..<3)])
        #expect(last.resolutions == [resolution(2, 3..<4)])
        #expect(last.address == EventAddress(segment: 1, batch: 2, event: 3))
        #expect(inner.address == nil && packed.address == nil)
    }

    @Test func aCutBetweenBatchesLeavesThemWhole() {
        let (left, right) = packed.split(at: 3)
        #expect(left.resolutions == [resolution(1, 2..<5)])
        #expect(right.resolutions == [resolution(2, 0..<4)])
    }

    @Test func aSingleMessageKeepsNothingOfItsPage() {
        let (_, rest) = packed.split(at: 5)
        let (one, _) = rest.split(at: 1)
        #expect(one.request.arena.messages.count == 1)
        let data = String(decoding: one.request.arena.bytes[one.request.arena.messages[0].data], as: UTF8.self)
        #expect(data == TestMessage.sized(105, number: 5).data)
    }

    @Test(arguments: [-3, 99]) func aCutOutsideOfTheRequestIsBroughtInside(_ count: Int) {
        let (left, right) = packed.split(at: count)
        #expect([left, right].map(\.request.messages.count) == (count < 0 ? [0, 7] : [7, 0]))
    }
}
