internal import Contract
internal import Transfer

/// Writes `google.pubsub.v1.PublishRequest` in a gRPC frame. The messages are few and stable, so they are written by hand:
///
///     PublishRequest { string topic = 1; repeated PubsubMessage messages = 2; }
///     PubsubMessage  { bytes data = 1; map<string, string> attributes = 2; string ordering_key = 5; }
struct PublishRequestEncoder: Sendable {
    private let topic: [UInt8]
    private let additions: PublishAdditions

    init(topic: String, additions: PublishAdditions = PublishAdditions()) {
        self.topic = Array(topic.utf8)
        self.additions = additions
    }

    /// Bytes of the request without any message.
    var fixedBytes: Int { Self.fieldBytes(topic.count) }

    /// Bytes that the message adds to the request, exactly.
    func encodedSize(of message: RenderedMessage, in arena: MessageArena) -> Int {
        Self.fieldBytes(bodyBytes(of: message, in: arena, added(to: message, in: arena)))
    }

    /// Replaces the content of `buffer` with frame and request; `payloadBytes` is the request's size, as measured by
    /// `fixedBytes` and `encodedSize`.
    func encode(
        _ messages: ArraySlice<RenderedMessage>, in arena: MessageArena, payloadBytes: Int, into buffer: inout [UInt8]
    ) {
        buffer.removeAll(keepingCapacity: true)
        buffer.reserveCapacity(GRPCFrame.headerBytes + payloadBytes)
        GRPCFrame.appendHeader(messageBytes: payloadBytes, to: &buffer)
        Self.appendField(Self.topicTag, topic, to: &buffer)
        arena.bytes.withUnsafeBytes { source in
            for message in messages {
                let added = added(to: message, in: arena)
                Self.append(
                    tag: Self.messagesTag, length: bodyBytes(of: message, in: arena, added), to: &buffer)
                Self.append(tag: Self.dataTag, length: message.data.count, to: &buffer)
                buffer.append(contentsOf: source[message.data])
                arena.forEachAttribute(of: message) { key, value in
                    Self.appendAttribute(key, value, to: &buffer)
                }
                if let id = added.eventID, let key = additions.eventIDKey {
                    Self.appendAttribute(key, id, to: &buffer)
                }
                if let key = added.orderingKey { Self.appendField(Self.orderingKeyTag, key, to: &buffer) }
            }
        }
    }

    private typealias Added = (eventID: [UInt8]?, orderingKey: [UInt8]?)

    private static let topicTag: UInt8 = 1 << 3 | 2
    private static let messagesTag: UInt8 = 2 << 3 | 2
    private static let dataTag: UInt8 = 1 << 3 | 2
    private static let attributesTag: UInt8 = 2 << 3 | 2
    private static let keyTag: UInt8 = 1 << 3 | 2
    private static let valueTag: UInt8 = 2 << 3 | 2
    private static let orderingKeyTag: UInt8 = 5 << 3 | 2

    private func added(to message: RenderedMessage, in arena: MessageArena) -> Added {
        (additions.eventID(of: message, in: arena), additions.orderingKey(of: message, in: arena))
    }

    private func bodyBytes(of message: RenderedMessage, in arena: MessageArena, _ added: Added) -> Int {
        var bytes = Self.fieldBytes(message.data.count)
        arena.forEachAttribute(of: message) { key, value in
            bytes += Self.attributeBytes(key.count, value.count)
        }
        if let id = added.eventID, let key = additions.eventIDKey { bytes += Self.attributeBytes(key.count, id.count) }
        if let key = added.orderingKey { bytes += Self.fieldBytes(key.count) }
        return bytes
    }

    private static func attributeBytes(_ key: Int, _ value: Int) -> Int {
        fieldBytes(fieldBytes(key) + fieldBytes(value))
    }

    /// Tag, length and content of a length-delimited field.
    private static func fieldBytes(_ count: Int) -> Int { 1 + varintBytes(count) + count }

    private static func varintBytes(_ value: Int) -> Int {
        var rest = value >> 7
        var bytes = 1
        while rest > 0 {
            bytes += 1
            rest >>= 7
        }
        return bytes
    }

    private static func appendAttribute(
        _ key: some Collection<UInt8>, _ value: some Collection<UInt8>, to buffer: inout [UInt8]
    ) {
        append(tag: attributesTag, length: fieldBytes(key.count) + fieldBytes(value.count), to: &buffer)
        appendField(keyTag, key, to: &buffer)
        appendField(valueTag, value, to: &buffer)
    }

    private static func appendField(_ tag: UInt8, _ content: some Collection<UInt8>, to buffer: inout [UInt8]) {
        append(tag: tag, length: content.count, to: &buffer)
        buffer.append(contentsOf: content)
    }

    private static func append(tag: UInt8, length: Int, to buffer: inout [UInt8]) {
        buffer.append(tag)
        var rest = length
        while rest > 0x7F {
            buffer.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        buffer.append(UInt8(truncatingIfNeeded: rest))
    }
}
