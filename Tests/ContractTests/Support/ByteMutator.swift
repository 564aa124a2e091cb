import TestSupport

/// Damages bytes in the ways that matter to their parser.
struct ByteMutator {
    /// What one run of damage may be.
    struct Kind {
        /// Pieces that mean something to the parser.
        let telling: [[UInt8]]
        /// Most mutations of one input.
        let mutations: Int
        /// Most bytes that one mutation replaces, removes or repeats.
        let span: Int
        /// Most bytes that are spliced in from another input.
        let splice: Int
    }

    let kind: Kind
    var random: SeededGenerator

    /// Applies one mutation or more; `other` is where splices come from.
    mutating func mutate(_ bytes: [UInt8], with other: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0...random.below(kind.mutations) { mutateOnce(&result, other) }
        return result
    }

    private mutating func mutateOnce(_ bytes: inout [UInt8], _ other: [UInt8]) {
        let place = random.below(bytes.count + 1)
        let end = min(bytes.count, place + 1 + random.below(kind.span))
        switch random.below(10) {
        case 0, 1:
            if place < bytes.count { bytes[place] ^= 1 << UInt8(random.below(8)) }
        case 2, 3:
            bytes.insert(contentsOf: kind.telling[random.below(kind.telling.count)], at: place)
        case 4:
            bytes.replaceSubrange(place..<end, with: kind.telling[random.below(kind.telling.count)])
        case 5:
            bytes.removeSubrange(place..<end)
        case 6:
            if random.once(in: 4) { bytes.removeSubrange(place...) }
        case 7:
            let start = random.below(other.count + 1)
            let splice = other[start..<min(other.count, start + 1 + random.below(kind.splice))]
            bytes.insert(contentsOf: splice, at: place)
        case 8:
            bytes.insert(contentsOf: bytes[place..<end], at: random.below(bytes.count + 1))
        default:
            if place < bytes.count { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
        }
    }
}
