import TestSupport

/// Damages JSON in the ways that matter to its parser.
struct BodyMutator {
    var random: SeededGenerator

    private static let telling = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\\"", "\\u", "\\ud83d", "\\u0000", "\n", "\r\n", " ", "\t", "null",
        "true", "0", "-", "1e999", "-0.0", "1e-400", "99999999999999999999", "{}", "[[[[[[[[", "}}", "\u{0}",
        "\u{feff}", "NaN", "\"NaN\"", "\"id\":\"x\",", "\"newer\":1,", "\"parameters\":{\"privateMetadata\":{",
        "\"timestamp\":\"9999-12-31T23:59:59.999999999Z\",", "'", "//", "é", "\u{2028}", "👩‍🚀",
    ].map { Array($0.utf8) }

    /// Applies one to four mutations; `other` is where splices come from.
    mutating func mutate(_ bytes: [UInt8], with other: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0...random.below(4) { mutateOnce(&result, other) }
        return result
    }

    private mutating func mutateOnce(_ bytes: inout [UInt8], _ other: [UInt8]) {
        let place = random.below(bytes.count + 1)
        let end = min(bytes.count, place + 1 + random.below(12))
        switch random.below(10) {
        case 0, 1:
            if place < bytes.count { bytes[place] ^= 1 << UInt8(random.below(8)) }
        case 2, 3:
            bytes.insert(contentsOf: Self.telling[random.below(Self.telling.count)], at: place)
        case 4:
            bytes.replaceSubrange(place..<end, with: Self.telling[random.below(Self.telling.count)])
        case 5:
            bytes.removeSubrange(place..<end)
        case 6:
            if random.once(in: 4) { bytes.removeSubrange(place...) }
        case 7:
            let start = random.below(other.count + 1)
            bytes.insert(contentsOf: other[start..<min(other.count, start + 1 + random.below(80))], at: place)
        case 8:
            bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count + 1))
        default:
            if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
        }
    }
}
