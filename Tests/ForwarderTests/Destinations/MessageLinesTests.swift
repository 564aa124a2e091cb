import Contract
import Foundation
import Testing

@testable import Forwarder

@Suite struct MessageLinesTests {
    private func written(_ request: DeliveryRequest) throws -> [UInt8] {
        var lines = MessageLines()
        var pieces: [[UInt8]] = []
        let bytes = try lines.write(request) { pieces.append($0) }
        #expect(pieces.allSatisfy { $0.isEmpty || $0.last == UInt8(ascii: "\n") }, "pieces are whole lines")
        let all = pieces.flatMap(\.self)
        #expect(bytes == all.count)
        return all
    }

    @Test func manyMessagesAreWrittenInPieces() throws {
        let text = String(repeating: "x", count: 100_000)
        let all = DeliveryRequest(
            (0..<10).map { TestMessage(data: "{\"number\":\($0),\"text\":\"\(text)\"}", attributes: [:]) })
        var lines = MessageLines()
        var pieces = 0
        var bytes = 0
        let total = try lines.write(all) {
            pieces += 1
            bytes += $0.count
        }
        #expect(total == bytes && bytes > 1_000_000)
        #expect(pieces > 1)
    }

    @Test func aLineIsWrittenByteForByte() throws {
        let bytes = try written(
            DeliveryRequest([
                TestMessage(data: #"{"event":{"id":"1"}}"#, attributes: ["a": "1", "b\"": "x\\y\n\u{1F}é"]),
                TestMessage(data: "{}", attributes: [:]),
            ]))
        let expected =
            #"{"data":{"event":{"id":"1"}},"attributes":{"a":"1","b\"":"x\\y\u000a\u001fé"}}"# + "\n"
            + #"{"data":{},"attributes":{}}"# + "\n"
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }

    @Test func awkwardMessagesComeBackEqual() throws {
        let messages = TestMessage.awkward()
        let text = String(decoding: try written(DeliveryRequest(messages)), as: UTF8.self)
        let parts = text.split(separator: "\n")
        #expect(parts.count == messages.count)
        for (part, message) in zip(parts, messages) {
            #expect(try ReceivedMessage(line: part) == ReceivedMessage(message))
        }
    }

    @Test func lengthIsNeverUnderestimated() throws {
        for message in TestMessage.awkward() + [TestMessage(data: "{}", attributes: ["\u{1}": "\u{2}\u{3}"])] {
            let request = DeliveryRequest([message])
            #expect(try written(request).count <= MessageLines.maximumLength(of: request.arena.messages[0]))
        }
    }

    @Test func onlyTheRangeIsWritten() throws {
        let all = DeliveryRequest((0..<5).map { TestMessage.numbered($0) })
        let text = String(decoding: try written(DeliveryRequest(arena: all.arena, messages: 1..<3)), as: UTF8.self)
        #expect(text.contains("event-1") && text.contains("event-2"))
        #expect(!text.contains("event-0") && !text.contains("event-3"))
    }
}
