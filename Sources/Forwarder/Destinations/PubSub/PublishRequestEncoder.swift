internal import Contract
internal import Transfer

/// Writes `google.pubsub.v1.PublishRequest` in a gRPC frame. The messages are few and stable, so they are written by hand:
///
///     PublishRequest { string topic = 1; repeated PubsubMessage messages = 2; }
///     PubsubMessage  { bytes data = 1; map<string, string> attributes = 2; }
struct PublishRequestEncoder: Sendable {
    private let topic: [UInt8]

    init(topic: String) {
        self.topic = Array(topic.utf8)
    }

    /// Bytes of the request without any message.
    var fixedBytes: Int { Self.fieldBytes(topic.count) }

    /// Bytes that the message adds to the request, exactly.
    func encodedSize(of message: RenderedMessage, in arena: MessageArena) -> Int {
        Self.fieldBytes(Self.bodyBytes(of: message, in: arena))
    }

    /// Replaces the content of `buffer` with frame and request; `payloadBytes` is the request's size, as measured by
    /// `fixedBytes` and `encodedSize`.
    func encode(_ request: DeliveryRequest, payloadBytes: Int, into buffer: inout [UInt8]) {
        buffer.removeAll(keepingCapacity: true)
        buffer.reserveCapacity(GRPCFrame.headerBytes + payloadBytes)
        GRPCFrame.appendHeader(messageBytes: payloadBytes, to: &buffer)
        Self.append(tag: Self.topicTag, length: topic.count, to: &buffer)
        buffer.append(contentsOf: topic)
        request.arena.bytes.withUnsafeBytes { source in
            for message in request.arena.messages[request.messages] {
                Self.append(
                    tag: Self.messagesTag, length: Self.bodyBytes(of: message, in: request.arena), to: &buffer)
                Self.append(tag: Self.dataTag, length: message.data.count, to: &buffer)
                buffer.append(contentsOf: source[message.data])
                request.arena.forEachAttribute(of: message) { key, value in
                    let length = Self.fieldBytes(key.count) + Self.fieldBytes(value.count)
                    Self.append(tag: Self.attributesTag, length: length, to: &buffer)
                    Self.append(tag: Self.keyTag, length: key.count, to: &buffer)
                    buffer.append(contentsOf: key)
                    Self.append(tag: Self.valueTag, length: value.count, to: &buffer)
                    buffer.append(contentsOf: value)
                }
            }
        }
    }

    private static let topicTag: UInt8 = 1 << 3 | 2
    private static let messagesTag: UInt8 = 2 << 3 | 2
    private static let dataTag: UInt8 = 1 << 3 | 2
    private static let attributesTag: UInt8 = 2 << 3 | 2
    private static let keyTag: UInt8 = 1 << 3 | 2
    private static let valueTag: UInt8 = 2 << 3 | 2

    private static func bodyBytes(of message: RenderedMessage, in arena: MessageArena) -> Int {
        var bytes = fieldBytes(message.data.count)
        arena.forEachAttribute(of: message) { key, value in
            bytes += fieldBytes(fieldBytes(key.count) + fieldBytes(value.count))
        }
        return bytes
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
