internal import Glibc

/// JSON parsed strictly and compared by value: member order, escapes and the way numbers are written do not matter, all
/// else does, down to the sign of a zero and the normal form of text.
enum CanonicalJSON: Equatable {
    case null
    case boolean(Bool)
    /// The bits of the double that the number reads as.
    case number(UInt64)
    /// UTF-8, which need not be a Swift string's idea of equal.
    case string([UInt8])
    case array([CanonicalJSON])
    /// Members in the order of their keys' bytes.
    case object([Member])

    struct Member: Equatable {
        let key: [UInt8]
        let value: CanonicalJSON
    }

    /// Nil for bytes that are not exactly one JSON text, or that name a member twice.
    init?(_ bytes: some Sequence<UInt8>) {
        var parser = Parser(bytes: Array(bytes))
        guard let value = parser.value(), parser.position == parser.bytes.count else { return nil }
        self = value
    }

    /// Whether some object has two keys that are canonically equivalent text. SwiftProtobuf keeps only one of them.
    var hasEquivalentKeys: Bool {
        switch self {
        case .object(let members):
            Set(members.map { String(decoding: $0.key, as: UTF8.self) }).count < members.count
                || members.contains(where: \.value.hasEquivalentKeys)
        case .array(let elements): elements.contains(where: \.hasEquivalentKeys)
        default: false
        }
    }

    private struct Parser {
        let bytes: [UInt8]
        var position = 0

        mutating func value() -> CanonicalJSON? {
            guard position < bytes.count else { return nil }
            switch bytes[position] {
            case UInt8(ascii: "{"): return object()
            case UInt8(ascii: "["): return array()
            case UInt8(ascii: "\""): return string().map(CanonicalJSON.string)
            case UInt8(ascii: "n"): return word("null") ? .null : nil
            case UInt8(ascii: "t"): return word("true") ? .boolean(true) : nil
            case UInt8(ascii: "f"): return word("false") ? .boolean(false) : nil
            default: return number()
            }
        }

        private mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        private mutating func word(_ word: String) -> Bool {
            guard bytes[position...].starts(with: word.utf8) else { return false }
            position += word.utf8.count
            return true
        }

        private mutating func object() -> CanonicalJSON? {
            guard take("{") else { return nil }
            if take("}") { return .object([]) }
            var members: [Member] = []
            repeat {
                guard let key = string(), take(":"), let value = value() else { return nil }
                members.append(Member(key: key, value: value))
            } while take(",")
            guard take("}") else { return nil }
            members.sort { $0.key.lexicographicallyPrecedes($1.key) }
            for index in 1..<members.count where members[index - 1].key == members[index].key { return nil }
            return .object(members)
        }

        private mutating func array() -> CanonicalJSON? {
            guard take("[") else { return nil }
            if take("]") { return .array([]) }
            var elements: [CanonicalJSON] = []
            repeat {
                guard let element = value() else { return nil }
                elements.append(element)
            } while take(",")
            return take("]") ? .array(elements) : nil
        }

        private mutating func string() -> [UInt8]? {
            guard take("\"") else { return nil }
            var text: [UInt8] = []
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                switch byte {
                case UInt8(ascii: "\""):
                    return String(validating: text, as: UTF8.self) == nil ? nil : text
                case UInt8(ascii: "\\"):
                    guard let scalar = escape() else { return nil }
                    text += Array(String(scalar).utf8)
                case ..<0x20:
                    return nil
                default:
                    text.append(byte)
                }
            }
            return nil
        }

        /// What an escape stands for; surrogates are not expected from either side.
        private mutating func escape() -> Unicode.Scalar? {
            guard position < bytes.count else { return nil }
            let kind = bytes[position]
            position += 1
            switch kind {
            case UInt8(ascii: "b"): return "\u{8}"
            case UInt8(ascii: "t"): return "\t"
            case UInt8(ascii: "n"): return "\n"
            case UInt8(ascii: "f"): return "\u{c}"
            case UInt8(ascii: "r"): return "\r"
            case UInt8(ascii: "\""): return "\""
            case UInt8(ascii: "\\"): return "\\"
            case UInt8(ascii: "u"):
                guard position + 4 <= bytes.count else { return nil }
                let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
                position += 4
                return UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init)
            default: return nil
            }
        }

        private mutating func number() -> CanonicalJSON? {
            let start = position
            _ = take("-")
            let firstDigit = position
            let whole = digits()
            guard whole > 0, whole == 1 || bytes[firstDigit] != UInt8(ascii: "0") else { return nil }
            if take("."), digits() == 0 { return nil }
            if take("e") || take("E") {
                if !take("-") { _ = take("+") }
                guard digits() > 0 else { return nil }
            }
            return .number(strtod(String(decoding: bytes[start..<position], as: UTF8.self), nil).bitPattern)
        }

        private mutating func digits() -> Int {
            let start = position
            while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
            return position - start
        }
    }
}
