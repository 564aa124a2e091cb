/// Events on their way into one `RecordEventsRequest`, encoded as they come.
package struct EventBatch: Sendable {
    /// The fields of the contract: `RecordEventsRequest.events` and `EventsPayload.events`, both of length-delimited type.
    private enum Tag {
        static let requestEvents: UInt8 = 2 << 3 | 2
        static let payloadEvents: UInt8 = 1 << 3 | 2
    }

    /// The ids in the order of the events.
    package private(set) var ids: [String] = []
    private var payload: [UInt8] = []

    /// An empty batch.
    package init() {}

    /// How many events it has.
    package var count: Int { ids.count }

    /// How many bytes its events have, encoded.
    package var byteCount: Int { payload.count }

    /// Adds an event.
    /// - Parameter encoded: the event's protobuf bytes.
    package mutating func append(_ encoded: [UInt8], id: String) {
        ids.append(id)
        payload.append(Tag.payloadEvents)
        Self.appendVarint(encoded.count, to: &payload)
        payload += encoded
    }

    /// The encoded request message.
    package var message: [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(payload.count + 11)
        message.append(Tag.requestEvents)
        Self.appendVarint(payload.count, to: &message)
        message += payload
        return message
    }

    private static func appendVarint(_ value: Int, to bytes: inout [UInt8]) {
        var value = UInt64(value)
        while value >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: value))
    }
}
