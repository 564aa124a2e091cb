/// A JSON value: members stay in the order they were given, so that output is stable.
package indirect enum JSONValue: Sendable, Hashable {
    /// Members by name.
    case object([Member])
    /// Elements.
    case array([JSONValue])
    /// A text.
    case string(String)
    /// A whole number.
    case number(Int64)
    /// A number that is already written as JSON writes it.
    case decimal(String)
    /// True or false.
    case bool(Bool)
    /// Nothing.
    case null

    /// One member of an object.
    package struct Member: Sendable, Hashable {
        /// Its name.
        package var name: String
        /// Its value.
        package var value: JSONValue

        /// Makes a member from its parts.
        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// An object with the members in the given order.
    package static func members(_ members: [(name: String, value: JSONValue)]) -> JSONValue {
        .object(members.map { Member($0.name, $0.value) })
    }

    /// A number; null for one that JSON can not express.
    package static func double(_ number: Double) -> JSONValue { number.isFinite ? .decimal("\(number)") : .null }

    /// A text, or nothing.
    package static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// The value on one line, with its newline.
    package var line: [UInt8] { bytes + [UInt8(ascii: "\n")] }

    /// The value without white space.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .object(let members):
            Self.append(members, "{", "}", to: &bytes) { member, bytes in
                Self.appendQuoted(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.append(to: &bytes)
            }
        case .array(let elements): Self.append(elements, "[", "]", to: &bytes) { $0.append(to: &$1) }
        case .string(let text): Self.appendQuoted(text, to: &bytes)
        case .number(let number): bytes += Array(String(number).utf8)
        case .decimal(let text): bytes += Array(text.utf8)
        case .bool(let flag): bytes += Array((flag ? "true" : "false").utf8)
        case .null: bytes += Array("null".utf8)
        }
    }

    private static func appendQuoted(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\r"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case UInt8(ascii: "\t"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            // Escaped as well: a terminal must not take what an event says for commands.
            case ..<0x20, 0x7F:
                bytes += Array((byte < 0x10 ? "\\u000" : "\\u00").utf8) + Array(String(byte, radix: 16).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func append<Element>(
        _ elements: [Element], _ open: String, _ close: String, to bytes: inout [UInt8],
        _ element: (Element, inout [UInt8]) -> Void
    ) {
        bytes += Array(open.utf8)
        for (index, next) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            element(next, &bytes)
        }
        bytes += Array(close.utf8)
    }
}
