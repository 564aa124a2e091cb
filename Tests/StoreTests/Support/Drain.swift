@testable import Store

/// Everything that a reader finds in a spool, from start to end.
struct Drain {
    var batches: [StoredBatch] = []
    var damaged: [DamagedBatch] = []
    /// Finished segments with the totals of their seal.
    var finished: [UInt64: SegmentTotals?] = [:]

    init(_ reader: SpoolReader, after start: SpoolPosition = .start, pageBytes: Int = 1 << 16) async throws {
        var position = start
        while true {
            let page = try await reader.page(after: position, maximumBytes: pageBytes)
            batches += page.batches
            damaged += page.damaged
            switch page.end {
            case .caughtUp: return
            case .more: position = page.position
            case .segmentFinished(let totals):
                guard let segment = page.segment else { return }
                finished[segment] = .some(totals)
                position = SpoolPosition(segment: segment + 1, batch: 0)
            }
        }
    }
}
