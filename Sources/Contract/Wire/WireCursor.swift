/// A position in protobuf bytes and the end of the message that is being read.
///
/// Each reader either stays inside `position..<end` or throws, so no input can make it trap. It accepts what
/// SwiftProtobuf 1.39's binary decoder accepts, quirks included: the tests hold the two against each other.
struct WireCursor {
    /// The next byte to read.
    var position: UnsafePointer<UInt8>
    /// One behind the last byte of the innermost message.
    var end: UnsafePointer<UInt8>

    @inline(__always)
    init(position: UnsafePointer<UInt8>, end: UnsafePointer<UInt8>) {
        self.position = position
        self.end = end
    }

    @inline(__always)
    var available: Int { end - position }

    @inline(__always)
    var isAtEnd: Bool { position == end }

    /// The tag of the next field. Field number 0, unknown wire types, more than five bytes and numbers above 2^29 - 1
    /// are malformed. Must not be called at the end.
    @inline(__always)
    mutating func readTag() throws(WireFault) -> WireTag {
        let first = position[0]
        if first < 0x80 {
            position += 1
            return try WireTag(checking: UInt32(first))
        }
        return try readLongTag()
    }

    private mutating func readLongTag() throws(WireFault) -> WireTag {
        var value = UInt32(position[0] & 0x7f)
        var shift: UInt32 = 7
        var next = position + 1
        while next < end {
            let byte = next[0]
            next += 1
            if shift == 28, byte > 15 { throw .malformed }
            value |= UInt32(byte & 0x7f) &<< shift
            if byte < 0x80 {
                position = next
                return try WireTag(checking: value)
            }
            shift &+= 7
        }
        throw .malformed
    }

    /// The tag of the next field where SwiftProtobuf reads it as a plain varint: in groups and map entries, up to ten
    /// bytes long.
    @inline(__always)
    mutating func readLenientTag() throws(WireFault) -> WireTag {
        let value = try readVarint()
        guard value < UInt64(UInt32.max) else { throw .malformed }
        return try WireTag(checking: UInt32(truncatingIfNeeded: value))
    }

    /// A varint of one to ten bytes. Bits above the 64th are dropped, as SwiftProtobuf does.
    @inline(__always)
    mutating func readVarint() throws(WireFault) -> UInt64 {
        guard position < end else { throw .truncated }
        let first = position[0]
        if first < 0x80 {
            position += 1
            return UInt64(first)
        }
        return try readLongVarint()
    }

    private mutating func readLongVarint() throws(WireFault) -> UInt64 {
        var value = UInt64(position[0] & 0x7f)
        var shift: UInt64 = 7
        var next = position + 1
        while next < end, shift <= 63 {
            let byte = next[0]
            next += 1
            value |= UInt64(byte & 0x7f) &<< shift
            if byte < 0x80 {
                position = next
                return value
            }
            shift &+= 7
        }
        throw .malformed
    }

    /// The length of a length-delimited field, in bytes; that many bytes are available.
    @inline(__always)
    mutating func readLength() throws(WireFault) -> Int {
        let length = try readVarint()
        guard length <= UInt64(truncatingIfNeeded: available) else { throw .truncated }
        return Int(truncatingIfNeeded: length)
    }

    /// Steps over a string and returns where it lies. Its bytes are valid UTF-8.
    @inline(__always)
    mutating func readString() throws(WireFault) -> UnsafeBufferPointer<UInt8> {
        let length = try readLength()
        let text = UnsafeBufferPointer(start: position, count: length)
        guard UTF8Check.isValid(text) else { throw .invalidUTF8 }
        position += length
        return text
    }

    /// Eight little-endian bytes.
    @inline(__always)
    mutating func readFixed64() throws(WireFault) -> UInt64 {
        guard available >= 8 else { throw .truncated }
        let value = UnsafeRawPointer(position).loadUnaligned(as: UInt64.self)
        position += 8
        return UInt64(littleEndian: value)
    }
}
