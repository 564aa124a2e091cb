/// A W3C `traceparent` that is fit to be handed on (Trace Context, level 1 and 2).
package struct TraceParent: Sendable, Hashable, CustomStringConvertible {
    /// The value of version 00: 55 characters, `00-<trace id>-<parent id>-<flags>`.
    package let text: String

    /// Bytes of version 00, and the least of every later one.
    private static let bytes = 55
    private static let traceID = 3..<35
    private static let parentID = 36..<52
    private static let flags = 53..<55

    /// Reads a header's value.
    ///
    /// Later versions may only add behind what version 00 has. Of such a value the part that is known is kept, as version
    /// 00 and with the one flag that every version has (sampled), because nothing here could vouch for the rest.
    ///
    /// - Parameter headerValue: the value of the one `traceparent` header; white space around it does not matter. A
    ///   call with several of them has none, says the specification.
    /// - Returns: nil for a value that is to be ignored.
    package init?(headerValue: String) {
        let value = Self.trimmed(Array(headerValue.utf8))
        guard value.count >= Self.bytes, let version = Self.number(value[..<2]), version != 0xff else { return nil }
        guard [2, 35, 52].allSatisfy({ value[$0] == UInt8(ascii: "-") }) else { return nil }
        guard value.count == Self.bytes || (version > 0 && value[Self.bytes] == UInt8(ascii: "-")) else { return nil }
        let identifiers = [value[Self.traceID], value[Self.parentID]]
        for identifier in identifiers {
            guard identifier.allSatisfy({ Self.digit($0) != nil }) else { return nil }
            guard identifier.contains(where: { $0 != UInt8(ascii: "0") }) else { return nil }
        }
        guard let flags = Self.number(value[Self.flags]) else { return nil }
        let known = version == 0 ? Array(value[Self.flags]) : [UInt8(ascii: "0"), UInt8(ascii: "0") + flags & 1]
        text = String(decoding: Array("00-".utf8) + value[3..<53] + known, as: UTF8.self)
    }

    package var description: String { text }

    private static func trimmed(_ value: [UInt8]) -> [UInt8] {
        let isSpace = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let rest = value.drop(while: isSpace)
        return Array(rest.prefix((rest.lastIndex { !isSpace($0) } ?? rest.startIndex - 1) + 1 - rest.startIndex))
    }

    /// Two digits as a number.
    private static func number(_ digits: ArraySlice<UInt8>) -> UInt8? {
        digits.reduce(0) { (number: UInt8?, byte) in
            guard let number, let digit = digit(byte) else { return nil }
            return number << 4 | digit
        }
    }

    /// Lower case only: the specification asks to refuse capital letters.
    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
