/// Reads what `ReceiptBytes` writes; nil for anything that does not fit.
struct ReceiptCursor {
    private let bytes: ArraySlice<UInt8>
    private(set) var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    var isAtEnd: Bool { position == bytes.endIndex }

    mutating func number() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.endIndex, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    mutating func difference() -> UInt64? {
        number().map { ($0 >> 1) ^ (0 &- ($0 & 1)) }
    }

    /// A number that counts something of which each takes at least so many bytes of the rest.
    mutating func count(each minimum: Int) -> Int? {
        guard let value = number(), value <= UInt64((bytes.endIndex - position) / max(1, minimum)) else { return nil }
        return Int(value)
    }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= bytes.endIndex - position else { return nil }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func text() -> String? {
        count(each: 1).flatMap { take($0) }.map { String(decoding: $0, as: UTF8.self) }
    }
}
