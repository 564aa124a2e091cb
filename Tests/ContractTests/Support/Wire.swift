/// Protobuf written by hand, for bytes that no encoder would produce.
enum Wire {
    static func varint(_ value: UInt64) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
        return bytes
    }

    /// A length-delimited field; `tag` is the whole tag byte.
    static func field(_ tag: UInt8, _ body: [UInt8]) -> [UInt8] {
        [tag] + varint(UInt64(body.count)) + body
    }

    static func field(_ tag: UInt8, _ text: String) -> [UInt8] {
        field(tag, Array(text.utf8))
    }

    /// Fields that make an event acceptable: id, feature, action and timestamp.
    static let acceptableFields: [UInt8] =
        field(0x0a, "id") + field(0x1a, "cody.chat") + field(0x22, "sent") + field(0x12, [0x08, 0x01])

    /// A `RecordEventsRequest` with one acceptable event that also has the given fields.
    static func request(eventFields: [UInt8]) -> [UInt8] {
        request(event: acceptableFields + eventFields)
    }

    /// A `RecordEventsRequest` with one event of exactly these bytes.
    static func request(event: [UInt8]) -> [UInt8] {
        field(0x12, field(0x0a, event))
    }

    /// A request whose private metadata has one entry `k` with a value of these bytes.
    static func request(privateValue: [UInt8]) -> [UInt8] {
        request(eventFields: field(0x32, field(0x1a, field(0x0a, field(0x0a, "k") + field(0x12, privateValue)))))
    }
}
