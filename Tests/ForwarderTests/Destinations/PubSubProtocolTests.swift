import Contract
import Store
import Testing
import Transfer

@testable import Forwarder

@Suite struct PubSubProtocolTests {
    @Test func requestBytesAreAsProtobufAndGRPCSay() {
        let encoder = PublishRequestEncoder(topic: "projects/p/topics/t")
        let request = DeliveryRequest([
            TestMessage(data: "{}", attributes: ["k": "v"]), TestMessage(data: "", attributes: [:]),
        ])
        let size = encoder.fixedBytes + sizes(request, encoder).reduce(0, +)
        var buffer: [UInt8] = [1, 2, 3]
        encoder.encode(
            request.arena.messages[...], in: request.arena, payloadBytes: size, into: &buffer)
        // Written down by hand from the protobuf encoding rules.
        let topic: [UInt8] = [0x0A, 19] + Array("projects/p/topics/t".utf8)
        let first: [UInt8] = [0x12, 12, 0x0A, 2, 0x7B, 0x7D, 0x12, 6, 0x0A, 1, 0x6B, 0x12, 1, 0x76]
        let second: [UInt8] = [0x12, 2, 0x0A, 0]
        let payload = topic + first + second
        #expect(buffer == [0, 0, 0, 0, UInt8(payload.count)] + payload)
    }

    @Test(arguments: [0, 1, 123, 126, 127, 128, 16_380, 16_383, 16_384, 2_097_150, 2_097_152])
    func measuredSizeIsExact(_ dataBytes: Int) {
        let encoder = PublishRequestEncoder(topic: "projects/p/topics/t")
        let value = String(repeating: "v", count: dataBytes % 70_000)
        let message = TestMessage(
            data: String(repeating: "x", count: dataBytes), attributes: ["key": value, "other": "1"])
        let request = DeliveryRequest([message])
        let size = encoder.fixedBytes + sizes(request, encoder)[0]
        var buffer: [UInt8] = []
        encoder.encode(
            request.arena.messages[...], in: request.arena, payloadBytes: size, into: &buffer)
        #expect(buffer.count == GRPCFrame.headerBytes + size)
    }

    @Test(
        arguments: [
            ([], 0),
            ([0x0A, 1, 0x31, 0x0A, 0], 2),
            // Unknown fields of every wire type are passed over.
            ([0x10, 0x80, 0x01, 0x1D, 1, 2, 3, 4, 0x0A, 0], 1),
            ([0x0A, 9], nil),
            ([0x0A], nil),
            ([0x0F], nil),
            ([0], nil),
            ([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0], nil),
        ] as [([UInt8], Int?)])
    func responsesAreCountedOrRefused(_ message: [UInt8], _ count: Int?) {
        #expect(PublishResponse.messageIDCount(in: message[...]) == count)
    }

    @Test(
        arguments: [
            (["17000000000000005", "0", "18446744073709551615"], .numbers([17_000_000_000_000_005, 0, .max])),
            (["1", "01"], .texts(["1", "01"])), (["18446744073709551616"], .texts(["18446744073709551616"])),
            (["m-1", ""], .texts(["m-1", ""])), ([], .numbers([])),
        ] as [([String], DeliveryReferences)])
    func idsAreKeptAsTheyWere(_ ids: [String], _ expected: DeliveryReferences) {
        let message = ids.flatMap { id -> [UInt8] in [0x0A, UInt8(id.utf8.count)] + Array(id.utf8) }
        let answer = PublishResponse.messageIDs(in: message[...], expected: ids.count)
        #expect(answer?.count == ids.count)
        #expect(answer?.references == expected)
    }

    private func sizes(_ request: DeliveryRequest, _ encoder: PublishRequestEncoder) -> [Int] {
        request.arena.messages.map { encoder.encodedSize(of: $0, in: request.arena) }
    }
}
