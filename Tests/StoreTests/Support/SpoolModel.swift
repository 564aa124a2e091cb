@testable import Store

/// What a spool should hold, kept in plain collections.
struct SpoolModel {
    struct Row {
        let position: SpoolPosition
        let record: BatchRecord

        var client: ClientKey { ClientKey(name: record.stream.record.client, source: record.stream.record.source) }
    }

    /// Acknowledged batches that no segment removal has taken, in the order of their commits.
    var rows: [Row] = []
    /// By destination, the resolved events of each batch; nil events for a batch that has none.
    var resolved: [[SpoolPosition: Set<Int>]]
    /// By destination, finished segments that are still on disk.
    var finished: [Set<UInt64>]
    /// By destination, all that was ever delivered.
    var delivered: [Int64]
    /// By destination and client, what became of its events.
    var outcomes: [[ClientKey: OutcomeCounts]]
    /// By client, accepted events of segments that are gone.
    var acceptedBefore: [ClientKey: Int64] = [:]
    /// Quarantined events that are in the ledger.
    var kept: Int64 = 0

    init(destinations: Int) {
        resolved = Array(repeating: [:], count: destinations)
        finished = Array(repeating: [], count: destinations)
        delivered = Array(repeating: 0, count: destinations)
        outcomes = Array(repeating: [:], count: destinations)
    }

    var segments: [UInt64] { Set(rows.map(\.position.segment)).sorted() }

    func rows(in segment: UInt64) -> [Row] { rows.filter { $0.position.segment == segment } }

    func totals(_ rows: [Row]) -> SegmentTotals {
        rows.reduce(into: SegmentTotals()) { $0.add($1.record) }
    }

    func isResolved(_ row: Row, at destination: Int) -> Bool {
        resolved[destination][row.position].map { $0.count == row.record.eventCount } ?? false
    }

    mutating func resolve(_ row: Row, _ events: Range<Int>, _ outcome: Outcome, at destination: Int) {
        let fresh = Set(events).subtracting(resolved[destination][row.position] ?? [])
        resolved[destination][row.position, default: []].formUnion(fresh)
        outcomes[destination][row.client, default: OutcomeCounts()][outcome] += Int64(fresh.count)
        if outcome == .delivered { delivered[destination] += Int64(fresh.count) }
    }

    /// Accepted events by client, in segments on disk and before.
    var accepted: [ClientKey: Int64] {
        rows.reduce(into: acceptedBefore) { $0[$1.client, default: 0] += Int64($1.record.eventCount) }
    }

    /// The events of a destination that are not resolved, by client.
    func pending(at destination: Int) -> [ClientKey: Int64] {
        rows.reduce(into: [:]) {
            let known = resolved[destination][$1.position]?.count ?? 0
            $0[$1.client, default: 0] += Int64($1.record.eventCount - known)
        }
    }

    /// How far a destination is in a segment, by definition.
    func through(_ segment: UInt64, at destination: Int) -> Int64 {
        Int64(rows(in: segment).prefix { isResolved($0, at: destination) }.count)
    }

    /// What waits for a destination: what follows the last whole batch, less what is resolved out of turn; bytes are those of
    /// all that follows.
    func waiting(at destination: Int) -> SegmentTotals {
        var waiting = SegmentTotals()
        for segment in segments where !finished[destination].contains(segment) {
            let rest = rows(in: segment).dropFirst(Int(through(segment, at: destination)))
            let totals = totals(Array(rest))
            waiting.batches += Int64(rest.count { !isResolved($0, at: destination) })
            waiting.payloadBytes += totals.payloadBytes
            waiting.events += rest.reduce(0) {
                $0 + Int64($1.record.eventCount - (resolved[destination][$1.position]?.count ?? 0))
            }
        }
        return waiting
    }
}
