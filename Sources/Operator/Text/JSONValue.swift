internal import Runtime

/// A JSON value for `--json`: members stay in the order they were given, so that output is stable.
package indirect enum JSONValue: Sendable {
    /// Members by name.
    case object([(name: String, value: JSONValue)])
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

    /// A text, or nothing.
    package static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// The value on one line, with its newline.
    package var line: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .object(let members):
            Self.append(members, "{", "}", to: &bytes) { member, bytes in
                JSONText.appendQuoted(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.value.append(to: &bytes)
            }
        case .array(let elements): Self.append(elements, "[", "]", to: &bytes) { $0.append(to: &$1) }
        case .string(let text): JSONText.appendQuoted(text, to: &bytes)
        case .number(let number): bytes += Array(String(number).utf8)
        case .decimal(let text): bytes += Array(text.utf8)
        case .bool(let flag): bytes += Array((flag ? "true" : "false").utf8)
        case .null: bytes += Array("null".utf8)
        }
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
