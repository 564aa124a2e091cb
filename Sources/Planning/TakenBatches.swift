/// Which batches have been taken for delivery, one bit each: the lanes read the same spool, and no batch is taken twice.
struct TakenBatches: Sendable {
    private var segments: [UInt64: [UInt64]] = [:]

    /// - Returns: false when it was taken before.
    mutating func take(_ address: BatchAddress) -> Bool {
        let (word, bit) = Self.place(address)
        let count = segments[address.segment]?.count ?? 0
        if word >= count {
            segments[address.segment, default: []].append(contentsOf: repeatElement(0, count: word + 1 - count))
        }
        guard let known = segments[address.segment]?[word], known & bit == 0 else { return false }
        segments[address.segment]?[word] = known | bit
        return true
    }

    func contains(_ address: BatchAddress) -> Bool {
        let (word, bit) = Self.place(address)
        guard let words = segments[address.segment], word < words.count else { return false }
        return words[word] & bit != 0
    }

    /// A batch that was taken and could not be read is to be taken again.
    mutating func release(_ address: BatchAddress) {
        let (word, bit) = Self.place(address)
        guard word < segments[address.segment]?.count ?? 0 else { return }
        segments[address.segment]?[word] &= ~bit
    }

    /// A segment that is finished is not asked for again.
    mutating func forget(segment: UInt64) { segments[segment] = nil }

    private static func place(_ address: BatchAddress) -> (word: Int, bit: UInt64) {
        let number = Int(max(0, address.batch))
        return (number >> 6, 1 << UInt64(number & 63))
    }
}
