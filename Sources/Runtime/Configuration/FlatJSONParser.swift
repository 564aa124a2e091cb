/// A parser for one flat JSON object. Small on purpose: a decoder would hide duplicate keys and line numbers.
struct FlatJSONParser {
    /// Where and why the text is not JSON.
    struct SyntaxError: Error {
        var line: Int
        var message: String
    }

    /// Something that is JSON but not allowed in a configuration file.
    struct KeyProblem {
        var key: String
        var line: Int
        var message: String
    }

    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    mutating func parse() throws(SyntaxError) -> (values: [String: String], problems: [KeyProblem]) {
        var values: [String: String] = [:]
        var problems: [KeyProblem] = []
        try expect("{", in: "the file must be one JSON object")
        skipSpace()
        if peek() != UInt8(ascii: "}") {
            while true {
                skipSpace()
                let keyLine = line
                let key = try string()
                try expect(":", in: "after the key \"\(key)\"")
                skipSpace()
                let value = try value(of: key, problems: &problems)
                if values[key] != nil || problems.contains(where: { $0.key == key && $0.line < keyLine }) {
                    problems.append(KeyProblem(key: key, line: keyLine, message: "the key appears twice; keep one"))
                } else if let value {
                    values[key] = value
                }
                skipSpace()
                guard peek() == UInt8(ascii: ",") else { break }
                position += 1
            }
        }
        try expect("}", in: "a comma or the end of the object")
        skipSpace()
        guard position == bytes.count else { throw failure("text after the end of the object") }
        return (values, problems)
    }

    private mutating func value(of key: String, problems: inout [KeyProblem]) throws(SyntaxError) -> String? {
        guard let first = peek() else { throw failure("the file ends where a value is expected") }
        switch first {
        case UInt8(ascii: "\""):
            return try string()
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            problems.append(
                KeyProblem(
                    key: key, line: line,
                    message: "nested values are not allowed; write text, a number, true or false (lists: \"a,b\")"))
            try skipNested()
            return nil
        default:
            let start = position
            while let byte = peek(), !Self.isSpace(byte), !",}]".utf8.contains(byte) { position += 1 }
            let text = String(decoding: bytes[start..<position], as: UTF8.self)
            if text == "null" {
                problems.append(KeyProblem(key: key, line: line, message: "null is not a value; remove the key"))
                return nil
            }
            guard text == "true" || text == "false" || Self.isNumber(text) else {
                // The text is not shown: it may be a secret.
                throw failure("the value of \"\(key)\" is not JSON; put texts in double quotes")
            }
            return text
        }
    }

    private static func isNumber(_ text: String) -> Bool {
        guard let first = text.utf8.first, first == UInt8(ascii: "-") || (48...57).contains(first) else { return false }
        return Double(text) != nil && text.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
    }

    private mutating func string() throws(SyntaxError) -> String {
        guard peek() == UInt8(ascii: "\"") else { throw failure("expected a text in double quotes") }
        position += 1
        var text: [UInt8] = []
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw failure("a text is not valid UTF-8")
                }
                return string
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20: throw failure("a text holds a control character; is its closing quote missing?")
            default: text.append(byte)
            }
        }
        throw failure("the file ends inside a text")
    }

    private mutating func escape(into text: inout [UInt8]) throws(SyntaxError) {
        guard let byte = peek() else { throw failure("the file ends inside a text") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            // Surrogate pairs are refused with the rest: no setting of ours needs them, and UTF-8 can be written as it is.
            guard let code = hexadecimal(), let scalar = Unicode.Scalar(code) else {
                throw failure("\\u needs four hexadecimal digits of one character; write others as UTF-8")
            }
            text.append(contentsOf: String(Character(scalar)).utf8)
        default: throw failure("unknown escape in a text")
        }
    }

    private mutating func hexadecimal() -> UInt32? {
        guard position + 4 <= bytes.count else { return nil }
        let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
        position += 4
        return digits.hasPrefix("+") || digits.hasPrefix("-") ? nil : UInt32(digits, radix: 16)
    }

    private mutating func skipNested() throws(SyntaxError) {
        var depth = 0
        repeat {
            guard let byte = peek() else { throw failure("the file ends inside a nested value") }
            switch byte {
            case UInt8(ascii: "\""): _ = try string()
            case UInt8(ascii: "{"), UInt8(ascii: "["): (depth, position) = (depth + 1, position + 1)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): (depth, position) = (depth - 1, position + 1)
            default: if Self.isSpace(byte) { skipSpace() } else { position += 1 }
            }
        } while depth > 0
    }

    private mutating func expect(_ character: Unicode.Scalar, in context: String) throws(SyntaxError) {
        skipSpace()
        guard peek() == UInt8(ascii: character) else { throw failure("expected \(character): \(context)") }
        position += 1
    }

    private mutating func skipSpace() {
        while let byte = peek(), Self.isSpace(byte) {
            if byte == 0x0A { line += 1 }
            position += 1
        }
    }

    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private func failure(_ message: String) -> SyntaxError {
        SyntaxError(line: line, message: message)
    }
}
