internal import Foundation
import TestSupport

/// Damages the bytes of a licence key, at any of its levels, in the ways that matter to its parser.
struct LicenceMutator {
    var random: SeededGenerator

    private static let telling = [
        "=", "==", "-", "_", "+", "/", " ", "\n", "\r", "\u{a0}", "\u{2003}", "\u{200b}", "\"", "\\", "\\u", "\\ud83d",
        "{", "}", "[", "]", ":", ",", "null", "true", "0", "-1", "1e9", "{}", "[[[[", "\u{0}", "\u{ff}",
        "\"sig\":null,",
        "\"INFO\":\"\",", "\"sig\":{},", "\"Format\":\"rsa-sha2-512\",", "\"Format\":\"ssh-rsa\",", "\"Blob\":null,",
        "ssh-rsa", "rsa-sha2-256", "rsa-sha2-512", "A", "\u{17f}",
    ].map { Array($0.utf8) }

    mutating func mutate(_ bytes: [UInt8], with other: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0...random.below(3) { mutateOnce(&result, other) }
        return result
    }

    private mutating func mutateOnce(_ bytes: inout [UInt8], _ other: [UInt8]) {
        let place = random.below(bytes.count + 1)
        let end = min(bytes.count, place + 1 + random.below(8))
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
            bytes.insert(contentsOf: other[start..<min(other.count, start + 1 + random.below(40))], at: place)
        case 8:
            bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count + 1))
        default:
            if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
        }
    }
}
