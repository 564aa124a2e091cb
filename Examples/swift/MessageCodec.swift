internal import GRPCCore
internal import SwiftProtobuf

/// Messages of protobuf as gRPC's bytes, as `GRPCProtobuf` of grpc-swift-protobuf has it ready.
struct MessageCodec<Message: SwiftProtobuf.Message>: MessageSerializer, MessageDeserializer {
    func serialize<Bytes: GRPCContiguousBytes>(_ message: Message) throws -> Bytes {
        Bytes(try message.serializedBytes() as [UInt8])
    }

    func deserialize<Bytes: GRPCContiguousBytes>(_ serializedMessageBytes: Bytes) throws -> Message {
        try serializedMessageBytes.withUnsafeBytes { try Message(serializedBytes: [UInt8]($0)) }
    }
}
