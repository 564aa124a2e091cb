/// Is this text UTF-8?
enum UTF8Check {
    /// True for valid UTF-8 (no surrogates, no overlong forms, nothing above U+10FFFF); empty text is valid.
    @inline(__always)
    static func isValid(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        isASCII(text) || isValidBeyondASCII(text)
    }

    /// True when no byte has its high bit set; looks at eight bytes at a time.
    @inline(__always)
    private static func isASCII(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = text.baseAddress else { return true }
        let count = text.count
        let raw = UnsafeRawPointer(start)
        if count < 8 {
            var seen: UInt8 = 0
            var index = 0
            while index < count {
                seen |= start[index]
                index &+= 1
            }
            return seen < 0x80
        }
        var seen: UInt64 = 0
        var offset = 0
        let last = count &- 8
        while offset < last {
            seen |= raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        // The last eight bytes may overlap the ones before: cheaper than a loop over the rest.
        seen |= raw.loadUnaligned(fromByteOffset: last, as: UInt64.self)
        return seen & 0x8080_8080_8080_8080 == 0
    }

    @inline(never)
    private static func isValidBeyondASCII(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        (try? UTF8Span(validating: text.span)) != nil
    }
}
