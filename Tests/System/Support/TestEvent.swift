internal import Contract
internal import Foundation
internal import SwiftProtobuf

/// An event whose contents follow from its id and number, and the message that must come of it, written without the
/// product's code.
struct TestEvent: Sendable, Hashable {
    let id: String
    let number: Int
    /// Bytes of filling.
    var filling = 300

    /// The text that fills it: different in each event, so that mixed up contents show. The id is ASCII.
    private var text: String {
        let unit = Array("\(id) ".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(filling + unit.count)
        while bytes.count < filling { bytes += unit }
        return String(decoding: bytes.prefix(filling), as: UTF8.self)
    }

    var message: Telemetrygateway_V1_Event {
        var event = Telemetrygateway_V1_Event()
        event.id = id
        event.timestamp.seconds = 1_700_000_000
        event.timestamp.nanos = Int32(number % 1000) * 1_000_000
        event.feature = "system.test"
        event.action = "sent"
        event.source.server.version = "1.2.3"
        event.parameters.version = 7
        event.parameters.metadata["number"] = Double(number) + 0.5
        event.parameters.privateMetadata.fields["text"] = Google_Protobuf_Value(stringValue: text)
        event.user.userID = Int64(number)
        return event
    }

    var json: NSDictionary {
        let milliseconds = String(number % 1000)
        let fraction =
            number % 1000 == 0 ? "" : "." + String(repeating: "0", count: 3 - milliseconds.count) + milliseconds
        let event: [String: Any] = [
            "id": id, "timestamp": "2023-11-14T22:13:20\(fraction)Z", "feature": "system.test", "action": "sent",
            "source": ["server": ["version": "1.2.3"]],
            "parameters": [
                "version": 7, "metadata": ["number": Double(number) + 0.5], "privateMetadata": ["text": text],
            ],
            "user": ["userId": String(number)],
        ]
        return event as NSDictionary
    }

    /// The attributes of its message.
    func attributes(source: String) -> [String: String] {
        [
            "publisher.source": source, "event.feature": "system.test", "event.action": "sent",
            "event.hasPrivateMetadata": "true",
        ]
    }
}
