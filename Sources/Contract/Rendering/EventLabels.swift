internal import Crypto
internal import SwiftProtobuf

/// What people look for an event by, read from its stored bytes. Not for the hot path.
package struct EventLabels: Sendable, Hashable {
    /// The event's id; empty when the bytes do not decode.
    package let id: [UInt8]
    package let feature: String
    package let action: String
    /// SHA-256 of the bytes, in hexadecimal digits.
    package let digest: String

    /// - Parameter bytes: an encoded `Event`, or what was taken for one.
    package init(ofEvent bytes: [UInt8]) {
        let event = try? Telemetrygateway_V1_Event(serializedBytes: bytes)
        id = Array((event?.id ?? "").utf8)
        feature = event?.feature ?? ""
        action = event?.action ?? ""
        let digits = Array("0123456789abcdef".utf8)
        digest = String(
            decoding: SHA256.hash(data: bytes).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xf)]] },
            as: UTF8.self)
    }
}
