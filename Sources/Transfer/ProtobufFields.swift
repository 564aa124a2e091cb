/// Walks the fields of an encoded protobuf message: for the few small and stable messages that are not worth a generated
/// type.
package struct ProtobufFields: Sendable {
    /// A field's content, by wire type.
    package enum Content: Sendable, Hashable {
        /// A varint.
        case number(UInt64)
        /// A text, bytes or a message.
        case bytes(ArraySlice<UInt8>)
        /// Four or eight bytes, passed over.
        case fixed
    }

    /// The message is not well-formed.
    package struct Malformed: Error, Sendable {}

    private var rest: ArraySlice<UInt8>

    /// Nothing is read yet.
    package init(_ message: ArraySlice<UInt8>) {
        rest = message
    }

    /// The next field; nil at the end.
    package mutating func next() throws(Malformed) -> (number: UInt64, content: Content)? {
        guard !rest.isEmpty else { return nil }
        let tag = try takeVarint()
        guard tag >> 3 > 0 else { throw Malformed() }
        let content: Content
        switch tag & 7 {
        case 0: content = .number(try takeVarint())
        case 1:
            _ = try take(8)
            content = .fixed
        case 2: content = .bytes(try take(takeVarint()))
        case 5:
            _ = try take(4)
            content = .fixed
        default: throw Malformed()
        }
        return (tag >> 3, content)
    }

    private mutating func take(_ count: UInt64) throws(Malformed) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw Malformed() }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    private mutating func takeVarint() throws(Malformed) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw Malformed() }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw Malformed()
    }
}
