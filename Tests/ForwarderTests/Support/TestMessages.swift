import Forwarder

@testable import Contract

/// A message before it is rendered into an arena, and as it comes back from a destination.
struct TestMessage: Hashable, Sendable {
    var data: String
    var attributes: [String: String]

    /// Text that finds escaping mistakes: every control character, quotes, backslashes, several planes of Unicode.
    static let awkwardText: String = {
        let controls = (0..<0x20).map { Character(Unicode.Scalar(UInt8($0))) }
        return String(controls) + "\"\\/\u{7F}äß€漢字🎉\u{2028}\u{FFFD}\u{10FFFD}e\u{301}"
    }()

    /// Small message with a unique id.
    static func numbered(_ number: Int) -> TestMessage {
        TestMessage(
            data: #"{"event":{"id":"event-\#(number)"},"metadata":{"n":\#(number)}}"#,
            attributes: ["publisher.source": "test", "event.feature": "feature-\(number)"])
    }

    /// Messages whose JSON and attributes are hard to carry.
    static func awkward() -> [TestMessage] {
        [
            TestMessage(data: "{}", attributes: [:]),
            TestMessage(data: #"{"event":{"id":"nul \u0000 escaped \"\\ \n"}}"#, attributes: ["key": ""]),
            TestMessage(data: #"{"event":{"text":"äß€漢字🎉"}}"#, attributes: ["ümlaut": "漢字🎉", "b": "2", "a": "1"]),
            TestMessage(data: "{\"event\":\n{\"id\":\"1\"}\n}", attributes: ["awkward": awkwardText]),
        ]
    }

    /// A message whose data is exactly `bytes` long.
    static func sized(_ bytes: Int, number: Int) -> TestMessage {
        let frame = #"{"n":\#(number),"pad":""}"#
        let padding = String(repeating: "x", count: max(0, bytes - frame.utf8.count))
        return TestMessage(data: #"{"n":\#(number),"pad":"\#(padding)"}"#, attributes: [:])
    }
}

extension DeliveryRequest {
    init(_ messages: [TestMessage]) {
        var arena = MessageArena()
        for message in messages { arena.append(message) }
        self.init(arena: arena)
    }
}

extension MessageArena {
    /// Does what the renderer does, with given bytes.
    mutating func append(_ message: TestMessage) {
        let start = bytes.count
        append(Array(message.data.utf8))
        let middle = bytes.count
        for (key, value) in message.attributes.sorted(by: { $0.key < $1.key }) {
            appendAttribute(key: key, value: value)
        }
        noteMessage(data: start..<middle, attributes: middle..<bytes.count)
    }

    /// A message of bytes that no renderer would write.
    mutating func append(raw: [UInt8], data: Range<Int>, attributes: Range<Int>) {
        append(raw)
        noteMessage(data: data, attributes: attributes)
    }
}
