internal import Glibc

/// Map entries: found on the wire, sorted by the bytes of their keys.
extension EventTranscoder {
    /// What a map entry's value is.
    enum EntryValue {
        case varint, varintAsDouble, double, text, message

        /// Its tag on the wire.
        @inline(__always)
        var tag: UInt8 {
            switch self {
            case .varint, .varintAsDouble: 0x10
            case .double: 0x11
            case .text, .message: 0x12
            }
        }
    }

    private static let keyTag: UInt8 = 0x0a

    /// Reads the map entry whose tag was read last, and those that follow it, onto the top of ``entries``.
    ///
    /// - Parameters:
    ///   - tag: the tag of the map's field, which is one byte long.
    ///   - firstRank: the rank of an entry that lies at the bottom of ``entries``.
    @inline(__always)
    mutating func readEntries(
        tag: UInt8, value kind: EntryValue, firstRank: UInt32 = 0
    ) throws(TranscodingFault) {
        while true {
            try readEntry(value: kind, firstRank: firstRank)
            guard cursor.position < cursor.end, cursor.position[0] == tag else { return }
            cursor.position += 1
        }
    }

    @inline(__always)
    private mutating func readEntry(value kind: EntryValue, firstRank: UInt32) throws(TranscodingFault) {
        guard entryCount < entries.count else { throw .outOfScratch }
        let length = try readLength()
        let outerEnd = cursor.end
        cursor.end = cursor.position + length
        var entry = MapEntry()
        var key: UnsafeBufferPointer<UInt8>?
        var hasValue = false
        while cursor.position < cursor.end {
            // No tag of interest is longer than a byte, and odd entries are decoded.
            let tag = cursor.position[0]
            cursor.position += 1
            if tag == Self.keyTag, key == nil {
                key = try readText()
            } else if tag == kind.tag, !hasValue {
                hasValue = true
                switch kind {
                case .varint:
                    entry.value = try readVarint()
                case .varintAsDouble:
                    entry.value = Double(Int64(bitPattern: try readVarint())).bitPattern
                case .double:
                    entry.value = try readFixed64()
                case .text, .message:
                    let content = try readText()
                    let offset = (content.baseAddress ?? start) - start
                    entry.value = UInt64(truncatingIfNeeded: offset) << 32 | UInt64(truncatingIfNeeded: content.count)
                }
            } else {
                throw .declined
            }
        }
        if let key, let first = key.baseAddress {
            entry.keyOffset = UInt32(truncatingIfNeeded: first - start)
            entry.keyLength = UInt32(truncatingIfNeeded: key.count)
            entry.keyPrefix = prefix(of: key, at: first)
        }
        entry.rank = firstRank &+ UInt32(truncatingIfNeeded: entryCount)
        entries[entryCount] = entry
        entryCount &+= 1
        cursor.end = outerEnd
    }

    @inline(__always)
    private func prefix(of key: UnsafeBufferPointer<UInt8>, at first: UnsafePointer<UInt8>) -> UInt64 {
        guard !key.isEmpty else { return 0 }
        if readableEnd - first >= 8 {
            let word = UInt64(bigEndian: UnsafeRawPointer(first).loadUnaligned(as: UInt64.self))
            return key.count >= 8 ? word : word & ~(UInt64.max >> UInt64(truncatingIfNeeded: 8 &* key.count))
        }
        var word: UInt64 = 0
        for index in 0..<min(key.count, 8) {
            word |= UInt64(key[index]) << UInt64(truncatingIfNeeded: 56 &- 8 &* index)
        }
        return word
    }

    /// Up to this many entries are sorted by insertion (count); most maps are small, and often sorted already.
    private static let insertionLimit = 24

    /// Sorts the entries from `base` on by the bytes of their keys, equal keys by rank.
    mutating func sortEntries(from base: Int) {
        guard entryCount &- base > 1 else { return }
        guard entryCount &- base <= Self.insertionLimit else {
            var part = UnsafeMutableBufferPointer(rebasing: entries[base..<entryCount])
            part.sort { isBefore($0, $1) }
            return
        }
        var sorted = base &+ 1
        while sorted < entryCount {
            let entry = entries[sorted]
            var place = sorted
            while place > base, isBefore(entry, entries[place &- 1]) {
                entries[place] = entries[place &- 1]
                place &-= 1
            }
            entries[place] = entry
            sorted &+= 1
        }
    }

    @inline(__always)
    private func isBefore(_ left: MapEntry, _ right: MapEntry) -> Bool {
        if left.keyPrefix != right.keyPrefix { return left.keyPrefix < right.keyPrefix }
        let common = Int(min(left.keyLength, right.keyLength))
        let order = memcmp(start + Int(left.keyOffset), start + Int(right.keyOffset), common)
        if order != 0 { return order < 0 }
        if left.keyLength != right.keyLength { return left.keyLength < right.keyLength }
        return left.rank < right.rank
    }

    /// Whether another entry with the key of the one at `index` follows it.
    @inline(__always)
    func isRepeated(_ index: Int) -> Bool {
        guard index &+ 1 < entryCount else { return false }
        let entry = entries[index]
        let other = entries[index &+ 1]
        guard entry.keyPrefix == other.keyPrefix, entry.keyLength == other.keyLength else { return false }
        return memcmp(start + Int(entry.keyOffset), start + Int(other.keyOffset), Int(entry.keyLength)) == 0
    }

    /// Where the key lies.
    @inline(__always)
    func key(of entry: MapEntry) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: start + Int(entry.keyOffset), count: Int(entry.keyLength))
    }

    /// Writes the key and a colon.
    @inline(__always)
    mutating func writeKey(of entry: MapEntry) throws(TranscodingFault) {
        try output.text(key(of: entry), then: UInt8(ascii: ":"), readableEnd: readableEnd)
    }
}
