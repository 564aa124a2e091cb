/// Reads SSH's wire format (RFC 4251, section 5): strings and numbers behind a 32-bit length.
struct SSHBytes {
    /// What the bytes are not.
    struct Fault: Error {
        let message: String
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    /// Whether everything has been read.
    var isAtEnd: Bool { rest.isEmpty }

    /// The next string's bytes.
    mutating func string() throws(Fault) -> ArraySlice<UInt8> {
        let lengthBytes = rest.prefix(4)
        guard lengthBytes.count == 4 else { throw Fault(message: "the key is cut short; copy the whole line") }
        let length = lengthBytes.reduce(0) { $0 << 8 | Int($1) }
        rest = rest.dropFirst(4)
        guard length <= rest.count else { throw Fault(message: "the key is cut short; copy the whole line") }
        defer { rest = rest.dropFirst(length) }
        return rest.prefix(length)
    }

    /// The next number above zero: big-endian, without leading zeros.
    mutating func positiveNumber() throws(Fault) -> [UInt8] {
        let bytes = try string()
        if let first = bytes.first, first >= 0x80 { throw Fault(message: "the key holds a negative number") }
        let significant = Array(bytes.drop { $0 == 0 })
        guard !significant.isEmpty else { throw Fault(message: "the key holds a number that is zero") }
        return significant
    }
}
