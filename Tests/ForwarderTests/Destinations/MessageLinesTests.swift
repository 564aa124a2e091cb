import Contract
import Foundation
import Testing

@testable import Forwarder

@Suite struct MessageLinesTests {
    @Test func aLineIsWrittenByteForByte() {
        var lines = MessageLines()
        lines.append(
            DeliveryRequest([
                TestMessage(data: #"{"event":{"id":"1"}}"#, attributes: ["a": "1", "b\"": "x\\y\n\u{1F}é"]),
                TestMessage(data: "{}", attributes: [:]),
            ]))
        let expected =
            #"{"data":{"event":{"id":"1"}},"attributes":{"a":"1","b\"":"x\\y\u000a\u001fé"}}"# + "\n"
            + #"{"data":{},"attributes":{}}"# + "\n"
        #expect(String(decoding: lines.bytes, as: UTF8.self) == expected)
    }

    @Test func awkwardMessagesComeBackEqual() throws {
        let messages = TestMessage.awkward()
        var lines = MessageLines()
        lines.append(DeliveryRequest(messages))
        let text = String(decoding: lines.bytes, as: UTF8.self)
        let parts = text.split(separator: "\n")
        #expect(parts.count == messages.count)
        for (part, message) in zip(parts, messages) {
            #expect(try ReceivedMessage(line: part) == ReceivedMessage(message))
        }
    }

    @Test func lengthIsNeverUnderestimated() {
        for message in TestMessage.awkward() + [TestMessage(data: "{}", attributes: ["\u{1}": "\u{2}\u{3}"])] {
            let request = DeliveryRequest([message])
            var lines = MessageLines()
            lines.append(request)
            #expect(lines.bytes.count <= MessageLines.maximumLength(of: request.arena.messages[0]))
        }
    }

    @Test func onlyTheRangeIsWritten() {
        let all = DeliveryRequest((0..<5).map { TestMessage.numbered($0) })
        var lines = MessageLines()
        lines.append(DeliveryRequest(arena: all.arena, messages: 1..<3))
        let text = String(decoding: lines.bytes, as: UTF8.self)
        #expect(text.contains("event-1") && text.contains("event-2"))
        #expect(!text.contains("event-0") && !text.contains("event-3"))
    }
}
