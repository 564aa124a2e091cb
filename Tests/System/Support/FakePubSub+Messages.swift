internal import FakePubSub
internal import Foundation

extension FakePubSub {
    /// The settings with which a forwarder delivers to this fake.
    var settings: [String: String] {
        ["GATEWAY_DESTINATIONS": "pubsub://test/topic", "PUBSUB_EMULATOR_HOST": "127.0.0.1:\(port)"]
    }

    /// Every message that it has taken, in the order in which it was.
    func messages() throws -> [DeliveredMessage] {
        var messages: [DeliveredMessage] = []
        try forEachMessage { messages.append($0) }
        return messages
    }

    /// Shows every message that it has taken, one at a time.
    func forEachMessage(_ body: (DeliveredMessage) throws -> Void) throws {
        try taken.forEach { data, attributes in
            let bytes = Data(data)
            guard let json = try JSONSerialization.jsonObject(with: bytes) as? [String: Any] else {
                throw HarnessError("a message that is no object")
            }
            try body(try DeliveredMessage(data: json, attributes: attributes, bytes: bytes))
        }
    }
}
