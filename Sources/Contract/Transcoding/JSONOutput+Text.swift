extension JSONOutput {
    /// Writes text with quotes around it and `terminator` behind it.
    ///
    /// - Parameters:
    ///   - text: bytes from the wire, not known to be UTF-8 yet.
    ///   - readableEnd: up to here memory behind the text may be read.
    /// - Throws: `declined` when the text is not UTF-8.
    mutating func text(
        _ text: UnsafeBufferPointer<UInt8>, then terminator: UInt8, readableEnd: UnsafePointer<UInt8>
    ) throws(TranscodingFault) {
        // What escaping adds is required where it is written.
        guard limit - next >= text.count else {
            return try textInPieces(text, then: terminator, readableEnd: readableEnd)
        }
        byte(UInt8(ascii: "\""))
        try escaped(text, readableEnd: readableEnd)
        byte(UInt8(ascii: "\""))
        byte(terminator)
    }

    /// Writes text for which there is no room at once: to be counted, or not at all.
    @inline(never)
    private mutating func textInPieces(
        _ text: UnsafeBufferPointer<UInt8>, then terminator: UInt8, readableEnd: UnsafePointer<UInt8>
    ) throws(TranscodingFault) {
        guard isCounting else { throw .outOfSpace }
        try require()
        byte(UInt8(ascii: "\""))
        var rest = text
        while !rest.isEmpty {
            var count = min(rest.count, (limit - start) / 2)
            // No scalar is cut. One has at most four bytes; of what has no beginning at all any piece is wrong.
            while count < rest.count, count > 1, rest[count] & 0xc0 == 0x80 { count &-= 1 }
            try require(count)
            try escaped(UnsafeBufferPointer(rebasing: rest[..<count]), readableEnd: readableEnd)
            rest = UnsafeBufferPointer(rebasing: rest[count...])
        }
        try require()
        byte(UInt8(ascii: "\""))
        byte(terminator)
    }

    /// Writes text without quotes. The caller has required its bytes.
    @inline(__always)
    private mutating func escaped(
        _ text: UnsafeBufferPointer<UInt8>, readableEnd: UnsafePointer<UInt8>
    ) throws(TranscodingFault) {
        guard var position = text.baseAddress else { return }
        let end = position + text.count
        // In a variable, so that it can live in a register.
        var next = next
        while Self.copyPlainBytes(&position, end: end, readableEnd: readableEnd, to: &next) {
            if position[0] < 0x80 {
                Self.escape(position[0], to: &next)
                position += 1
            } else {
                try Self.copyMultibyteScalars(&position, end: end, to: &next)
            }
            self.next = next
            try require(end - position)
            next = self.next
        }
        self.next = next
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
