internal import Crypto

/// What an event's bytes are recognised by.
package enum EventDigest {
    private static let digits = Array("0123456789abcdef".utf8)

    /// The SHA-256 of the bytes in lower-case hex.
    package static func hex(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for byte in SHA256.hash(data: bytes) {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
