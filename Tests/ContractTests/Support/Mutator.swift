import TestSupport

/// Damages protobuf bytes in the ways that matter to a parser.
struct Mutator {
    var random: SeededGenerator

    /// Bytes that mean something to protobuf: ends of ranges, common tags, groups, large lengths.
    private static let telling: [UInt8] = [
        0x00, 0x01, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x10, 0x11, 0x12, 0x13, 0x14, 0x1a, 0x22, 0x2a, 0x32,
        0x3a, 0x42, 0x4a, 0x52, 0x7f, 0x80, 0x8a, 0x92, 0xc0, 0xe2, 0xed, 0xf0, 0xf8, 0xff,
    ]

    /// Applies one to four mutations; `other` is where splices come from.
    mutating func mutate(_ bytes: [UInt8], with other: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0...random.below(4) { mutateOnce(&result, other) }
        return result
    }

    private mutating func mutateOnce(_ bytes: inout [UInt8], _ other: [UInt8]) {
        guard !bytes.isEmpty else {
            bytes.append(UInt8(truncatingIfNeeded: random.next()))
            return
        }
        let place = random.below(bytes.count)
        switch random.below(12) {
        case 0, 1:
            bytes[place] ^= 1 << UInt8(random.below(8))
        case 2:
            bytes[place] = Self.telling[random.below(Self.telling.count)]
        case 3:
            bytes.insert(Self.telling[random.below(Self.telling.count)], at: place)
        case 4:
            bytes.removeSubrange(place...)
        case 5:
            bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.below(4)))
        case 6:
            // The same varint, one byte longer than needed.
            if bytes[place] < 0x80 {
                bytes[place] |= 0x80
                bytes.insert(0, at: place + 1)
            }
        case 7:
            // Another wire type for what may be a tag.
            bytes[place] = bytes[place] & 0xf8 | UInt8(random.below(8))
        case 8:
            // All of it twice: repeated fields, merged singular ones.
            bytes += bytes
        case 9:
            // Wrapped in an unknown group.
            let number = UInt8(11 + random.below(4))
            bytes = [number << 3 | 3] + bytes + [number << 3 | 4]
        case 10:
            if !other.isEmpty {
                let start = random.below(other.count)
                bytes.insert(contentsOf: other[start..<min(other.count, start + 1 + random.below(24))], at: place)
            }
        default:
            bytes[place] = UInt8(truncatingIfNeeded: random.next())
        }
        // Doubling must not run away.
        if bytes.count > 600 { bytes.removeSubrange(600...) }
    }
}
