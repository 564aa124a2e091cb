/// How far one destination is in one segment.
///
/// Clients take turns, so batches are resolved in another order than theirs: those beyond `throughBatch` are bits, in
/// chunks, and only batches that are resolved in part have ranges.
package struct SegmentProgress: Sendable, Hashable {
    /// Every batch up to this one is resolved; 0 for none.
    package private(set) var throughBatch: Int64
    /// Batches beyond `throughBatch` that are resolved in part.
    package private(set) var partial: [Int64: BatchProgress] = [:]
    /// Events delivered so far.
    package private(set) var deliveredEvents: Int64
    /// Events resolved so far, whatever became of them.
    package private(set) var resolvedEvents: Int64
    /// Whether the destination has resolved the whole segment.
    package var isFinished: Bool
    /// Whether the destination's totals have the segment's accepted events already, as of a segment that was done with
    /// before another destination asked for it.
    var isCounted = false
    /// Batches beyond `throughBatch` that are resolved whole, by the number of their chunk; none is empty.
    private(set) var chunks: [Int64: ResolvedChunk] = [:]

    /// Batches beyond `throughBatch` that are resolved whole.
    var resolvedBeyond: Int64 { chunks.values.reduce(0) { $0 + Int64($1.count) } }

    /// Starts after a batch.
    package init(
        throughBatch: Int64 = 0, deliveredEvents: Int64 = 0, resolvedEvents: Int64? = nil, isFinished: Bool = false
    ) {
        self.throughBatch = throughBatch
        self.deliveredEvents = deliveredEvents
        self.resolvedEvents = resolvedEvents ?? deliveredEvents
        self.isFinished = isFinished
    }

    /// The events of a batch that this destination still needs.
    package func remaining(batch: Int64, total: Int) -> [Range<Int>] {
        if isResolved(batch: batch) { return [] }
        // A damaged ledger may know another number of events: then it is not believed.
        guard let known = partial[batch], known.total == total else { return total > 0 ? [0..<total] : [] }
        return known.remaining
    }

    /// Whether a batch needs nothing more.
    package func isResolved(batch: Int64) -> Bool {
        if batch <= throughBatch { return true }
        return chunks[ResolvedChunk.number(of: batch)]?.contains(Self.index(batch)) == true
    }

    /// Whether an event needs nothing more.
    package func isResolved(batch: Int64, event: Int) -> Bool {
        isResolved(batch: batch) || partial[batch]?.resolved.contains { $0.contains(event) } == true
    }

    /// Marks events as resolved, and moves on over every batch that this completes.
    /// - Parameters:
    ///   - events: counted from 0; empty for a batch that has none.
    ///   - total: how many events the batch has; 0 resolves it whole, also when a part of it was known before: then
    ///     `events` are those that it is known to have had.
    /// - Returns: how many events are newly resolved.
    package mutating func resolve(
        batch: Int64, events: Range<Int>, total: Int, outcome: Outcome = .delivered
    ) -> Int {
        let count = mark(batch: batch, events: events, total: total)
        resolvedEvents += Int64(count)
        if outcome == .delivered { deliveredEvents += Int64(count) }
        return count
    }

    /// Counts events as resolved that no batch on disk stands for.
    mutating func resolveMissing(_ events: Int64) { resolvedEvents += events }

    /// Everything up to a batch is resolved by being skipped.
    mutating func skip(through batch: Int64, events: Int64) {
        throughBatch = max(throughBatch, batch)
        resolvedEvents += events
    }

    mutating func restore(batch: Int64, events: Range<Int>, total: Int) {
        _ = mark(batch: batch, events: events, total: total)
    }

    mutating func restore(chunk number: Int64, _ chunk: ResolvedChunk) {
        guard number >= 0, number < 1 << 40 else { return }
        // Bits that `throughBatch` has overtaken since the chunk was written say nothing.
        let known = throughBatch - number * ResolvedChunk.batches
        guard known < ResolvedChunk.batches else { return }
        var chunk = chunk
        chunk.removeFirst(Int(max(0, known)))
        guard chunk.count > 0 else { return }
        chunks[number] = chunk
        advance()
    }

    private mutating func mark(batch: Int64, events: Range<Int>, total: Int) -> Int {
        guard !isResolved(batch: batch) else { return 0 }
        // A batch that can not be read (any more) is over, whatever part of it was delivered before.
        if total == 0 {
            let known = partial.removeValue(forKey: batch)?.resolvedCount ?? 0
            complete(batch)
            return max(0, events.count - known)
        }
        if partial[batch] == nil, events.lowerBound <= 0, events.upperBound >= total {
            complete(batch)
            return total
        }
        var progress = partial[batch].flatMap { $0.total == total ? $0 : nil } ?? BatchProgress(total: total)
        let count = progress.resolve(events)
        if progress.isComplete {
            partial[batch] = nil
            complete(batch)
        } else if count > 0 {
            partial[batch] = progress
        }
        return count
    }

    private mutating func complete(_ batch: Int64) {
        if batch == throughBatch + 1 {
            throughBatch = batch
            advance()
        } else {
            chunks[ResolvedChunk.number(of: batch), default: ResolvedChunk()].insert(Self.index(batch))
        }
    }

    private mutating func advance() {
        while true {
            let number = ResolvedChunk.number(of: throughBatch + 1)
            guard var chunk = chunks.removeValue(forKey: number) else { return }
            let before = throughBatch
            while ResolvedChunk.number(of: throughBatch + 1) == number, chunk.contains(Self.index(throughBatch + 1)) {
                chunk.remove(Self.index(throughBatch + 1))
                throughBatch += 1
            }
            if chunk.count > 0 { chunks[number] = chunk }
            if throughBatch == before || chunk.count > 0 { return }
        }
    }

    private static func index(_ batch: Int64) -> Int { Int((batch - 1) % ResolvedChunk.batches) }
}
