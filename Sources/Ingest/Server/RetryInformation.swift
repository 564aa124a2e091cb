internal import GRPCCore

/// `google.rpc.RetryInfo` in the trailer that gRPC clients look for it in. Three nested messages with one field each of
/// interest; written by hand, since generated code for them would be larger than this file.
enum RetryInformation {
    /// The trailing metadata for a status with a retry delay.
    static func metadata(code: UInt8, message: String, delaySeconds: Int) -> Metadata {
        let duration = [0x08, UInt8(clamping: min(delaySeconds, 127))]
        let retryInfo = field(1, duration)
        let any = field(1, Array("type.googleapis.com/google.rpc.RetryInfo".utf8)) + field(2, retryInfo)
        let status = [0x08, code] + field(2, Array(message.utf8)) + field(3, any)
        var metadata = Metadata()
        metadata.addBinary(status, forKey: "grpc-status-details-bin")
        return metadata
    }

    /// A length-delimited field; contents here are shorter than 2^14 bytes.
    private static func field(_ number: UInt8, _ contents: [UInt8]) -> [UInt8] {
        let count = contents.count
        let length = count < 128 ? [UInt8(count)] : [UInt8(count & 0x7f | 0x80), UInt8(count >> 7)]
        return [number << 3 | 2] + length + contents
    }
}
