extension UTF8Check {
    /// Bytes of the scalar beyond ASCII that begins at `position`; nil when it is not one: overlong, a surrogate, above
    /// U+10FFFF, cut, or a stray continuation.
    @inline(__always)
    static func multibyteScalarLength(at position: UnsafePointer<UInt8>, available: Int) -> Int? {
        let first = position[0]
        guard available >= 2 else { return nil }
        let second = position[1]
        switch first {
        case 0xc2...0xdf:
            return isContinuation(second) ? 2 : nil
        case 0xe0...0xef:
            guard available >= 3, isContinuation(second), isContinuation(position[2]) else { return nil }
            if first == 0xe0, second < 0xa0 { return nil }
            if first == 0xed, second > 0x9f { return nil }
            return 3
        case 0xf0...0xf4:
            guard available >= 4, isContinuation(second), isContinuation(position[2]), isContinuation(position[3])
            else { return nil }
            if first == 0xf0, second < 0x90 { return nil }
            if first == 0xf4, second > 0x8f { return nil }
            return 4
        default:
            return nil
        }
    }

    @inline(__always)
    private static func isContinuation(_ byte: UInt8) -> Bool {
        byte & 0xc0 == 0x80
    }
}
