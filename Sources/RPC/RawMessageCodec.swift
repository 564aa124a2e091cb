package import GRPCCore

/// Hands messages over as the bytes they are on the wire: no event object is built between network and spool.
package struct RawMessageCodec: MessageSerializer, MessageDeserializer {
    /// The message's bytes.
    package typealias Message = [UInt8]

    /// Makes a codec; it has no state.
    package init() {}

    package func serialize<Bytes: GRPCContiguousBytes>(_ message: [UInt8]) throws -> Bytes { Bytes(message) }

    package func deserialize<Bytes: GRPCContiguousBytes>(_ serializedMessageBytes: Bytes) throws -> [UInt8] {
        serializedMessageBytes.withUnsafeBytes { [UInt8]($0) }
    }
}
