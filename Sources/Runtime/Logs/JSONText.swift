/// JSON texts, written without Foundation.
package enum JSONText {
    private static let hexadecimal = Array("0123456789abcdef".utf8)

    /// Appends the text in quotes, with quotes, backslashes and control characters escaped.
    package static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        _ = appendQuoted(text, limit: .max, to: &bytes)
    }

    /// Like `appendQuoted(_:to:)` but stops, on a character boundary, before the array grows beyond `limit` bytes.
    ///
    /// - Returns: whether the whole text was written. The closing quote always is.
    package static func appendQuoted(_ text: String, limit: Int, to bytes: inout [UInt8]) -> Bool {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        for scalar in text.unicodeScalars {
            let start = bytes.count
            append(scalar, to: &bytes)
            // One byte is kept for the closing quote.
            if bytes.count >= limit {
                bytes.removeSubrange(start...)
                return false
            }
        }
        return true
    }

    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar {
        case "\"": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
        case "\\": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
        case "\n": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
        case "\r": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
        case "\t": bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
        case _ where scalar.value < 0x20 || scalar.value == 0x7F:
            bytes += Array("\\u00".utf8)
            bytes.append(hexadecimal[Int(scalar.value >> 4)])
            bytes.append(hexadecimal[Int(scalar.value & 0xF)])
        case _ where scalar.isASCII: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
    }
}
