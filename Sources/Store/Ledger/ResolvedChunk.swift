/// A row of 4096 batches of a segment, one bit each: which of them are resolved whole.
struct ResolvedChunk: Sendable, Hashable {
    /// Batches in a chunk.
    static let batches: Int64 = 4096
    private static let words = Int(batches / 64)

    private var words: [UInt64]
    private(set) var count: Int

    init() {
        words = Array(repeating: 0, count: Self.words)
        count = 0
    }

    /// The chunk that a batch belongs to.
    static func number(of batch: Int64) -> Int64 { (batch - 1) / batches }

    /// - Parameter index: the batch in the chunk, counted from 0.
    func contains(_ index: Int) -> Bool { words[index / 64] & (1 << UInt64(index % 64)) != 0 }

    mutating func insert(_ index: Int) {
        guard !contains(index) else { return }
        words[index / 64] |= 1 << UInt64(index % 64)
        count += 1
    }

    mutating func remove(_ index: Int) {
        guard contains(index) else { return }
        words[index / 64] &= ~(1 << UInt64(index % 64))
        count -= 1
    }

    /// Forgets the first batches.
    mutating func removeFirst(_ batches: Int) {
        for index in 0..<min(max(0, batches), Int(Self.batches)) { remove(index) }
    }

    /// 512 bytes, low bits first.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.words * 8)
        for word in words { withUnsafeBytes(of: word.littleEndian) { bytes += $0 } }
        return bytes
    }

    /// - Returns: nil when the bytes are not a chunk's.
    init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.words * 8 else { return nil }
        words = (0..<Self.words).map {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
        }
        count = words.reduce(0) { $0 + $1.nonzeroBitCount }
    }
}
