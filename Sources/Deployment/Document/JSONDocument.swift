internal import Runtime

/// Rendered values as JSON, two spaces a level.
enum JSONDocument {
    /// One file.
    static func text(_ value: DocumentValue) -> String {
        var bytes: [UInt8] = []
        append(value, indent: 0, to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func append(_ value: DocumentValue, indent: Int, to bytes: inout [UInt8]) {
        switch value {
        case .text(let text): JSONText.appendQuoted(text, to: &bytes)
        case .integer(let number): bytes += Array("\(number)".utf8)
        case .number(let number): bytes += Array("\(number)".utf8)
        case .boolean(let flag): bytes += Array("\(flag)".utf8)
        case .list(let values):
            appendGroup("[", "]", values, indent: indent, to: &bytes) { append($0, indent: indent + 1, to: &$1) }
        case .object(let members):
            appendGroup("{", "}", members, indent: indent, to: &bytes) { member, bytes in
                JSONText.appendQuoted(member.name, to: &bytes)
                bytes += Array(": ".utf8)
                append(member.value, indent: indent + 1, to: &bytes)
            }
        }
    }

    private static func appendGroup<Element>(
        _ open: String, _ close: String, _ elements: [Element], indent: Int, to bytes: inout [UInt8],
        each: (Element, inout [UInt8]) -> Void
    ) {
        bytes += Array(open.utf8)
        for (index, element) in elements.enumerated() {
            bytes += Array((index == 0 ? "\n" : ",\n").utf8)
            bytes += Array(repeating: UInt8(ascii: " "), count: 2 * (indent + 1))
            each(element, &bytes)
        }
        if !elements.isEmpty {
            bytes.append(UInt8(ascii: "\n"))
            bytes += Array(repeating: UInt8(ascii: " "), count: 2 * indent)
        }
        bytes += Array(close.utf8)
    }
}
