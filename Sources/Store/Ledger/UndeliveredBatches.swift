/// The batches of a segment of which a destination was not sent everything, because something of them expired or was
/// skipped: a replay of the past leaves them out.
package struct UndeliveredBatches: Sendable, Hashable {
    /// By the number of their chunk.
    private(set) var chunks: [Int64: ResolvedChunk] = [:]

    /// None.
    package init() {}

    /// Whether a batch is one of them.
    package func contains(_ batch: Int64) -> Bool {
        batch > 0 && chunks[ResolvedChunk.number(of: batch)]?.contains(Self.index(batch)) == true
    }

    mutating func insert(_ batch: Int64) {
        guard batch > 0 else { return }
        chunks[ResolvedChunk.number(of: batch), default: ResolvedChunk()].insert(Self.index(batch))
    }

    mutating func restore(_ number: Int64, _ chunk: ResolvedChunk) { chunks[number] = chunk }

    private static func index(_ batch: Int64) -> Int { Int((batch - 1) % ResolvedChunk.batches) }
}
