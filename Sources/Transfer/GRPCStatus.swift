/// The outcome of a gRPC call, as its headers or trailers say it.
package struct GRPCStatus: Sendable, Hashable {
    /// The number on the wire; 0 is OK.
    package let code: Int
    /// The peer's words. They may repeat what was sent: whoever sends secrets must not log them.
    package let message: String
    /// Wait that the peer asked for in its details (`google.rpc.RetryInfo`), at most
    /// ``TransferLimits/retryAfterSeconds``.
    package let retryDelay: Duration?

    /// Nil when the response has no `grpc-status`: the connection broke or something that is not gRPC answered.
    package init?(_ response: HTTPTransferResponse) {
        guard let text = response.headers["grpc-status"], let code = Int(text) else { return nil }
        self.code = code
        message = Self.percentDecoded(response.headers["grpc-message"] ?? "")
        let delay = response.headers["grpc-status-details-bin"].flatMap(GRPCRetryInfo.delay)
        retryDelay = delay.map { min($0, .seconds(TransferLimits.retryAfterSeconds)) }
    }

    /// Whether the call succeeded.
    package var isOK: Bool { code == 0 }

    /// The name as the documentation of gRPC has it.
    package var name: String { Self.names.indices.contains(code) ? Self.names[code] : "status \(code)" }

    /// gRPC writes bytes outside printable ASCII as %XX; anything malformed stays as it is.
    static func percentDecoded(_ text: String) -> String {
        let source = Array(text.utf8)
        var decoded: [UInt8] = []
        var index = 0
        while index < source.count {
            if source[index] == UInt8(ascii: "%"), index + 2 < source.count,
                let high = hexadecimal(source[index + 1]), let low = hexadecimal(source[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(source[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static let names = [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
        "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED",
        "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ]

    private static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
