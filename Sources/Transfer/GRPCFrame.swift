/// What stands in front of a message in the body of a gRPC request or response: one flag (1: compressed, 0: not) and the
/// message's length.
package enum GRPCFrame {
    /// Bytes of flag and length.
    package static let headerBytes = 5

    /// Appends the header of a message of `messageBytes` bytes (below 4 GiB) that is not compressed.
    package static func appendHeader(messageBytes: Int, to buffer: inout [UInt8]) {
        buffer.append(0)
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: messageBytes).bigEndian) { buffer.append(contentsOf: $0) }
    }

    /// Writes the header of a message that follows it in the buffer and is compressed; the buffer begins with
    /// ``headerBytes`` bytes for it.
    package static func completeHeader(ofCompressed buffer: inout [UInt8]) {
        guard buffer.count >= headerBytes else { return }
        var header: [UInt8] = []
        appendHeader(messageBytes: buffer.count - headerBytes, to: &header)
        header[0] = 1
        buffer.replaceSubrange(0..<headerBytes, with: header)
    }

    /// The message of a body that is exactly one frame, not compressed; nil for every other body.
    package static func onlyMessage(in body: [UInt8]) -> ArraySlice<UInt8>? {
        guard body.count >= headerBytes, body[0] == 0 else { return nil }
        let length = body[1..<headerBytes].reduce(0) { $0 << 8 | Int($1) }
        let message = body[headerBytes...]
        return message.count == length ? message : nil
    }
}
