internal import Foundation

/// `google.rpc.Status` with a `google.rpc.RetryInfo`, as Google sends it in `grpc-status-details-bin`.
enum RetryInformation {
    static func header(code: Int, message: String, delayMilliseconds: Int) -> String {
        let duration = number(1, delayMilliseconds / 1000) + number(2, delayMilliseconds % 1000 * 1_000_000)
        let type = Array("type.googleapis.com/google.rpc.RetryInfo".utf8)
        let any = bytes(1, type) + bytes(2, bytes(1, duration))
        let status = number(1, code) + bytes(2, Array(message.utf8)) + bytes(3, any)
        // gRPC leaves the padding out.
        return Data(status).base64EncodedString().replacingOccurrences(of: "=", with: "")
    }

    private static func number(_ field: UInt8, _ value: Int) -> [UInt8] { [field << 3] + varint(UInt64(value)) }

    private static func bytes(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
        [field << 3 | 2] + varint(UInt64(content.count)) + content
    }

    private static func varint(_ value: UInt64) -> [UInt8] {
        var (bytes, rest): ([UInt8], UInt64) = ([], value)
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }
}
