/// Finds one text in a rendered message, without decoding the rest of it.
struct RenderedText {
    private let json: UnsafeRawBufferPointer
    private var position = 0

    /// The text at a path of member names; nil when there is none. Names are compared as they are written.
    static func find(_ path: [StaticString], in json: UnsafeRawBufferPointer) -> [UInt8]? {
        var scan = RenderedText(json)
        for name in path {
            guard scan.enter(name) else { return nil }
        }
        guard let raw = scan.string() else { return nil }
        return unescaped(raw)
    }

    private init(_ json: UnsafeRawBufferPointer) {
        self.json = json
    }

    /// Goes to the value of a member of the object that begins here.
    private mutating func enter(_ name: StaticString) -> Bool {
        guard take(UInt8(ascii: "{")) else { return false }
        while let key = string(), take(UInt8(ascii: ":")) {
            let wanted = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
            if key.elementsEqual(wanted) { return true }
            guard skipValue(), take(UInt8(ascii: ",")) else { return false }
        }
        return false
    }

    /// The bytes between the quotes of the string that begins here.
    private mutating func string() -> UnsafeRawBufferPointer? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while position < json.count {
            switch json[position] {
            case UInt8(ascii: "\""):
                position += 1
                return UnsafeRawBufferPointer(rebasing: json[start..<position - 1])
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return nil
    }

    private mutating func skipValue() -> Bool {
        var depth = 0
        skipSpace()
        while position < json.count {
            switch json[position] {
            case UInt8(ascii: "\""):
                guard string() != nil else { return false }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                position += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","):
                if depth == 0 { return true }
                if json[position] != UInt8(ascii: ",") { depth -= 1 }
                position += 1
            default: position += 1
            }
        }
        return false
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard position < json.count, json[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < json.count, [0x20, 0x09, 0x0A, 0x0D].contains(json[position]) { position += 1 }
    }

    private static func unescaped(_ raw: UnsafeRawBufferPointer) -> [UInt8]? {
        guard raw.contains(UInt8(ascii: "\\")) else { return Array(raw) }
        var text: [UInt8] = []
        var index = 0
        while index < raw.count {
            guard raw[index] == UInt8(ascii: "\\") else {
                text.append(raw[index])
                index += 1
                continue
            }
            guard index + 1 < raw.count else { return nil }
            switch raw[index + 1] {
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0C)
            case UInt8(ascii: "n"): text.append(0x0A)
            case UInt8(ascii: "r"): text.append(0x0D)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "u"):
                guard let (scalar, end) = scalar(raw, at: index + 2) else { return nil }
                text.append(contentsOf: String(Character(scalar)).utf8)
                index = end
                continue
            case let other: text.append(other)
            }
            index += 2
        }
        return text
    }

    /// The character whose four digits begin at `start`, and where what follows begins: UTF-16 pairs take two escapes.
    private static func scalar(_ raw: UnsafeRawBufferPointer, at start: Int) -> (Unicode.Scalar, Int)? {
        guard let unit = codeUnit(raw, at: start) else { return nil }
        if let scalar = Unicode.Scalar(UInt32(unit)) { return (scalar, start + 4) }
        guard start + 6 <= raw.count, raw[start + 4] == UInt8(ascii: "\\"), raw[start + 5] == UInt8(ascii: "u"),
            let second = codeUnit(raw, at: start + 6), (0xD800..<0xDC00).contains(unit),
            (0xDC00..<0xE000).contains(second)
        else { return nil }
        let code = 0x10000 + (UInt32(unit) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        return Unicode.Scalar(code).map { ($0, start + 10) }
    }

    private static func codeUnit(_ raw: UnsafeRawBufferPointer, at start: Int) -> UInt16? {
        guard start + 4 <= raw.count else { return nil }
        let digits = String(decoding: raw[start..<start + 4], as: UTF8.self)
        return digits.utf8.allSatisfy { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }
            ? UInt16(digits, radix: 16) : nil
    }
}
