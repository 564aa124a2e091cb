internal import Logging
internal import Metrics
internal import Store

/// Lets segments go that every destination has finished, in the order that loses nothing: quarantine into the ledger,
/// the ledger says so durably, the files go, the ledger forgets.
actor SegmentRetirement {
    /// Quarantined events copied in one transaction.
    static let quarantinePage = 256

    private let reader: SpoolReader
    private let ledger: DeliveryLedger
    private let destinations: Set<DestinationID>
    private let logger: Logger
    private let lostEvents = Counter(label: "events_lost", dimensions: [("reason", "missing_rows")])
    private var finished: [UInt64: Set<DestinationID>] = [:]

    init(reader: SpoolReader, ledger: DeliveryLedger, destinations: Set<DestinationID>, logger: Logger) {
        self.reader = reader
        self.ledger = ledger
        self.destinations = destinations
        self.logger = logger
    }

    /// Ends what a process before this one had begun.
    func resume() async throws(StoreError) {
        for segment in try await ledger.closedSegments() {
            try await reader.remove(segment: segment, damaged: ledger.isDamaged(segment: segment))
            try await ledger.forget(segment: segment)
        }
        for destination in destinations {
            for (segment, progress) in await ledger.progress(of: destination) where progress.isFinished {
                finished[segment, default: []].insert(destination)
            }
        }
        for segment in finished.keys.sorted() where finished[segment] == destinations {
            try await retire(segment, totals: reader.sealedTotals(segment: segment))
        }
    }

    /// A destination has resolved a whole segment.
    /// - Parameters:
    ///   - totals: from the seal; nil for a segment without one.
    func finish(
        segment: UInt64, at destination: DestinationID, totals: SegmentTotals?
    ) async throws(StoreError) {
        let missing = try await ledger.finish(segment: segment, at: destination, totals: totals)
        if missing > 0 { lostEvents.increment(by: missing) }
        finished[segment, default: []].insert(destination)
        guard finished[segment] == destinations else { return }
        try await retire(segment, totals: totals)
    }

    private func retire(_ segment: UInt64, totals: SegmentTotals?) async throws(StoreError) {
        var row: Int64 = 0
        while true {
            let page = try await reader.quarantined(segment: segment, after: row, limit: Self.quarantinePage)
            guard page.last > row else { break }
            try await ledger.keep(page.events)
            // A segment with damage is moved aside, not unlinked: the bytes may still be of use to people.
            try await ledger.setAside(page.damaged)
            row = page.last
        }
        let damaged = try await ledger.isDamaged(segment: segment)
        let account = try await reader.account(
            segment: segment, progress: ledger.unfinished(segment: segment),
            damaged: ledger.damagedBatches(segment: segment))
        try await ledger.close(segment: segment, totals: totals ?? SegmentTotals(), account: account)
        try await reader.remove(segment: segment, damaged: damaged)
        try await ledger.forget(segment: segment)
        finished[segment] = nil
        logger.info(
            "segment finished",
            metadata: [
                "segment": "\(segment)", "events": "\(totals?.events ?? 0)",
                "files": damaged ? "moved to damaged" : "removed",
            ])
    }
}
