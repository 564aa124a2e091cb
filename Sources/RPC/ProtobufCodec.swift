package import GRPCCore
package import SwiftProtobuf

/// Turns messages of the small services of this room into bytes and back; those with events go through
/// `RawMessageCodec`.
package struct ProtobufCodec<Message: SwiftProtobuf.Message>: MessageSerializer, MessageDeserializer {
    /// Bytes of one request. The port takes messages of many megabytes for events; nobody needs that much for a name.
    package static var requestLimitBytes: Int { 64 * 1024 }

    /// Makes a codec; it has no state.
    package init() {}

    package func serialize<Bytes: GRPCContiguousBytes>(_ message: Message) throws -> Bytes {
        let bytes: [UInt8] = try message.serializedBytes()
        return Bytes(bytes)
    }

    /// - Throws: `RPCError`: `resourceExhausted` over the limit, `invalidArgument` for bytes that are no such message.
    package func deserialize<Bytes: GRPCContiguousBytes>(_ serializedMessageBytes: Bytes) throws -> Message {
        try serializedMessageBytes.withUnsafeBytes { bytes in
            guard bytes.count <= Self.requestLimitBytes else {
                throw RPCError(
                    code: .resourceExhausted,
                    message: "the message has \(bytes.count) bytes; at most \(Self.requestLimitBytes) are read here")
            }
            do {
                return try Message(serializedBytes: [UInt8](bytes))
            } catch {
                throw RPCError(
                    code: .invalidArgument, message: "the message is not a \(Message.protoMessageName): \(error)")
            }
        }
    }
}
