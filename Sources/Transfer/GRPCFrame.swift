/// What stands in front of a message in the body of a gRPC request or response: one flag (0: not compressed) and the
/// message's length.
package enum GRPCFrame {
    /// Bytes of flag and length.
    package static let headerBytes = 5

    /// Appends the header of a message of `messageBytes` bytes (below 4 GiB) that is not compressed.
    package static func appendHeader(messageBytes: Int, to buffer: inout [UInt8]) {
        buffer.append(0)
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: messageBytes).bigEndian) { buffer.append(contentsOf: $0) }
    }

    /// The message of a body that is exactly one frame, not compressed; nil for every other body.
    package static func onlyMessage(in body: [UInt8]) -> ArraySlice<UInt8>? {
        guard body.count >= headerBytes, body[0] == 0 else { return nil }
        let length = body[1..<headerBytes].reduce(0) { $0 << 8 | Int($1) }
        let message = body[headerBytes...]
        return message.count == length ? message : nil
    }
}
