extension JSONOutput {
    /// Writes text with quotes around it and `terminator` behind it.
    ///
    /// - Parameters:
    ///   - text: bytes from the wire, not known to be UTF-8 yet. Where output is only counted they are taken for it.
    ///   - readableEnd: up to here memory behind the text may be read.
    /// - Throws: `declined` when the text is not UTF-8.
    mutating func text(
        _ text: UnsafeBufferPointer<UInt8>, then terminator: UInt8, readableEnd: UnsafePointer<UInt8>
    ) throws(TranscodingFault) {
        // What escaping adds is required where it is written.
        guard limit - next >= text.count else { return try countText(text, then: terminator) }
        // In a variable, so that it can live in a register.
        var next = next
        next[0] = UInt8(ascii: "\"")
        next += 1
        if var position = text.baseAddress {
            let end = position + text.count
            while Self.copyPlainBytes(&position, end: end, readableEnd: readableEnd, to: &next) {
                if position[0] < 0x80 {
                    Self.escape(position[0], to: &next)
                    position += 1
                } else {
                    try Self.copyMultibyteScalars(&position, end: end, to: &next)
                }
                guard limit - next >= end - position else { throw .outOfSpace }
            }
        }
        next[0] = UInt8(ascii: "\"")
        next[1] = terminator
        self.next = next + 2
    }

    /// Counts text instead of writing it, or finds that there is no room.
    @inline(never)
    private mutating func countText(
        _ text: UnsafeBufferPointer<UInt8>, then terminator: UInt8
    ) throws(TranscodingFault) {
        // Two for the quotes.
        try skip(text.count + Self.bytesAddedByEscapes(in: text) + 2)
        try require()
        byte(terminator)
    }

    private static func bytesAddedByEscapes(in text: UnsafeBufferPointer<UInt8>) -> Int {
        guard var position = text.baseAddress else { return 0 }
        let end = position + text.count
        var added = 0
        while position < end {
            if end - position >= 8 {
                let word = UnsafeRawPointer(position).loadUnaligned(as: UInt64.self)
                if specialBytes(in: word) == 0 {
                    position += 8
                    continue
                }
            }
            let next = position + min(8, end - position)
            while position < next {
                switch position[0] {
                case 0x08, 0x09, 0x0a, 0x0c, 0x0d, 0x22, 0x5c: added &+= 1
                case ..<0x20: added &+= 5
                default: break
                }
                position += 1
            }
        }
        return added
    }

    /// Copies bytes up to the first one that JSON escapes or that is not ASCII, eight at a time.
    ///
    /// - Returns: whether there is such a byte; `position` is at it then.
    @inline(__always)
    private static func copyPlainBytes(
        _ position: inout UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, readableEnd: UnsafePointer<UInt8>,
        to next: inout UnsafeMutablePointer<UInt8>
    ) -> Bool {
        while end - position >= 8 {
            let marks = copyWord(position, to: next)
            guard marks == 0 else {
                let plain = marks.trailingZeroBitCount &>> 3
                position += plain
                next += plain
                return true
            }
            position += 8
            next += 8
        }
        let rest = end - position
        guard rest > 0 else { return false }
        if readableEnd - position >= 8 {
            // Bytes behind the text are copied too, and overwritten by what follows.
            let plain = min(copyWord(position, to: next).trailingZeroBitCount &>> 3, rest)
            position += plain
            next += plain
            return plain < rest
        }
        while position < end {
            let byte = position[0]
            // The other bytes of the word are letters.
            guard specialBytes(in: UInt64(byte) | 0x6161_6161_6161_6100) == 0 else { return true }
            next[0] = byte
            position += 1
            next += 1
        }
        return false
    }

    /// Copies eight bytes and marks the special ones among them.
    @inline(__always)
    private static func copyWord(_ position: UnsafePointer<UInt8>, to next: UnsafeMutablePointer<UInt8>) -> UInt64 {
        let word = UnsafeRawPointer(position).loadUnaligned(as: UInt64.self)
        UnsafeMutableRawPointer(next).storeBytes(of: word, as: UInt64.self)
        return specialBytes(in: UInt64(littleEndian: word))
    }

    /// Marks bytes below 0x20, quotes, backslashes and bytes above 0x7f in their highest bit. Only the lowest mark is
    /// exact: a borrow may mark a byte above it.
    @inline(__always)
    private static func specialBytes(in word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let control = word &- ones &* 0x20
        let quote = (word ^ (ones &* 0x22)) &- ones
        let backslash = (word ^ (ones &* 0x5c)) &- ones
        return (control | quote | backslash | word) & (ones &* 0x80)
    }

    @inline(__always)
    private static func escape(_ byte: UInt8, to next: inout UnsafeMutablePointer<UInt8>) {
        next[0] = UInt8(ascii: "\\")
        switch byte {
        case 0x08: next[1] = UInt8(ascii: "b")
        case 0x09: next[1] = UInt8(ascii: "t")
        case 0x0a: next[1] = UInt8(ascii: "n")
        case 0x0c: next[1] = UInt8(ascii: "f")
        case 0x0d: next[1] = UInt8(ascii: "r")
        case 0x22, 0x5c: next[1] = byte
        default:
            let low = byte & 15
            next[1] = UInt8(ascii: "u")
            next[2] = UInt8(ascii: "0")
            next[3] = UInt8(ascii: "0")
            next[4] = UInt8(ascii: "0") | byte &>> 4
            next[5] = low < 10 ? UInt8(ascii: "0") | low : UInt8(ascii: "a") &- 10 &+ low
            next += 6
            return
        }
        next += 2
    }

    /// Checks and copies scalars beyond ASCII as long as they follow each other.
    @inline(never)
    private static func copyMultibyteScalars(
        _ position: inout UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, to next: inout UnsafeMutablePointer<UInt8>
    ) throws(TranscodingFault) {
        while position < end, position[0] >= 0x80 {
            guard let length = UTF8Check.multibyteScalarLength(at: position, available: end - position) else {
                throw .declined
            }
            for offset in 0..<length { next[offset] = position[offset] }
            position += length
            next += length
        }
    }
}
