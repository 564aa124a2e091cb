/// Reads one JSON text into nodes. Small texts only, never once an event: clarity over speed. Never traps.
struct JSONReader {
    /// Where the text stops being JSON.
    struct Fault: Error {
        /// Bytes from the start of the text.
        let offset: Int
    }

    /// Arrays and objects inside each other, so that hostile text cannot use up the stack.
    static let maximumDepth = 32

    private let bytes: [UInt8]
    private let maximumDepth: Int
    private var offset: Int
    private var depth = 0

    /// Reads `bytes` as one JSON value with nothing but white space around it.
    static func read(_ bytes: [UInt8], maximumDepth: Int = Self.maximumDepth) throws(Fault) -> JSONNode {
        var reader = JSONReader(bytes: bytes, offset: 0, maximumDepth: maximumDepth)
        let node = try reader.value()
        reader.skipWhiteSpace()
        guard reader.offset == bytes.count else { throw reader.fault }
        return node
    }

    /// Reads the JSON value that begins at `offset`, which is moved behind it; something else may follow.
    static func read(
        _ bytes: [UInt8], from offset: inout Int, maximumDepth: Int = Self.maximumDepth
    ) throws(Fault) -> JSONNode {
        var reader = JSONReader(bytes: bytes, offset: offset, maximumDepth: maximumDepth)
        let node = try reader.value()
        offset = reader.offset
        return node
    }

    private init(bytes: [UInt8], offset: Int, maximumDepth: Int) {
        self.bytes = bytes
        self.offset = offset
        self.maximumDepth = maximumDepth
    }

    private var fault: Fault { Fault(offset: offset) }

    private var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private mutating func skipWhiteSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { offset += 1 }
    }

    /// Steps over `byte` when it is next.
    private mutating func take(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        offset += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(Fault) {
        guard take(byte) else { throw fault }
    }

    private mutating func value() throws(Fault) -> JSONNode {
        skipWhiteSpace()
        switch current {
        case UInt8(ascii: "{"): return try nested { (reader) throws(Fault) in try reader.object() }
        case UInt8(ascii: "["): return try nested { (reader) throws(Fault) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        default: return try number()
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(Fault) -> JSONNode
    ) throws(Fault) -> JSONNode {
        guard depth < maximumDepth else { throw fault }
        depth += 1
        offset += 1
        let node = try read(&self)
        depth -= 1
        return node
    }

    private mutating func object() throws(Fault) -> JSONNode {
        var members: [JSONMember] = []
        skipWhiteSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipWhiteSpace()
            let name = try string()
            skipWhiteSpace()
            try expect(UInt8(ascii: ":"))
            members.append(JSONMember(name: name, value: try value()))
            skipWhiteSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func array() throws(Fault) -> JSONNode {
        var elements: [JSONNode] = []
        skipWhiteSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value())
            skipWhiteSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            try expect(UInt8(ascii: ","))
        }
    }

    private mutating func word(_ text: StaticString, _ node: JSONNode) throws(Fault) -> JSONNode {
        for byte in "\(text)".utf8 { try expect(byte) }
        return node
    }

    private mutating func number() throws(Fault) -> JSONNode {
        let start = offset
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return .number(String(decoding: bytes[start..<offset], as: UTF8.self))
    }

    private mutating func digits() throws(Fault) {
        let start = offset
        while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { offset += 1 }
        guard offset > start else { throw fault }
    }

    private mutating func string() throws(Fault) -> String {
        try expect(UInt8(ascii: "\""))
        var text: [UInt8] = []
        var start = offset
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                text.append(contentsOf: bytes[start..<offset])
                offset += 1
                // Bytes that are not UTF-8 become replacement characters, as Go's decoder has it.
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text.append(contentsOf: bytes[start..<offset])
                offset += 1
                try escape(into: &text)
                start = offset
            case 0..<0x20:
                throw fault
            default:
                offset += 1
            }
        }
        throw fault
    }

    private mutating func escape(into text: inout [UInt8]) throws(Fault) {
        guard let letter = current else { throw fault }
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            offset += 1
            text.append(contentsOf: String(Character(try escapedScalar())).utf8)
            return
        default: throw fault
        }
        offset += 1
    }

    /// The scalar after `\u`; half a surrogate pair becomes the replacement character.
    private mutating func escapedScalar() throws(Fault) -> Unicode.Scalar {
        let replacement: Unicode.Scalar = "\u{fffd}"
        let first = try codeUnit()
        guard (0xd800..<0xdc00).contains(first) else { return Unicode.Scalar(first) ?? replacement }
        let behindFirst = offset
        if take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
            let second = try codeUnit()
            if (0xdc00..<0xe000).contains(second) {
                return Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00)) ?? replacement
            }
        }
        offset = behindFirst
        return replacement
    }

    private mutating func codeUnit() throws(Fault) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Self.hexadecimal(byte) else { throw fault }
            unit = unit << 4 | digit
            offset += 1
        }
        return unit
    }

    private static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
