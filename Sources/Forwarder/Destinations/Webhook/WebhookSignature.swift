internal import Crypto
internal import Secrets
internal import Transfer

/// Proves to a receiver that a request comes from here and when: HMAC-SHA256 of `TIMESTAMP.BODY`, the body as it is sent.
enum WebhookSignature {
    static let header = "x-gateway-signature"
    static let timestampHeader = "x-gateway-timestamp"

    /// - Parameter now: nanoseconds since 1970.
    static func headers(for body: [UInt8], secret: Secret, now: Int64) -> [HTTPTransferRequest.Header] {
        let timestamp = "\(now / 1_000_000_000)"
        var code = HMAC<SHA256>(key: SymmetricKey(data: Array(secret.value.utf8)))
        code.update(data: Array("\(timestamp).".utf8))
        code.update(data: body)
        let digits = Array("0123456789abcdef".utf8)
        let hexadecimal = code.finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
        return [
            .init(timestampHeader, timestamp),
            .init(header, "sha256=\(String(decoding: hexadecimal, as: UTF8.self))"),
        ]
    }
}
