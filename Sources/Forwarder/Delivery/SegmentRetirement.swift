internal import Logging
internal import Metrics
internal import Store

/// Lets segments go that every destination has finished, in the order that loses nothing: quarantine into the ledger,
/// the ledger says so durably, the files go, the ledger forgets. Between the second and the third step a segment may be
/// kept for a replay.
actor SegmentRetirement {
    /// Quarantined events copied in one transaction.
    static let quarantinePage = 256

    private let reader: SpoolReader
    private let ledger: DeliveryLedger
    private let destinations: Set<DestinationID>
    private let logger: Logger
    private let lostEvents = Counter(label: "events_lost", dimensions: [("reason", "missing_rows")])
    private let retainsSegments: Bool
    private let receipts: ReceiptLog?
    private let now: @Sendable () -> Int64
    private var finished: [UInt64: Set<DestinationID>] = [:]
    /// When each closed segment that is still on disk was finished everywhere, in nanoseconds since 1970.
    private var retained: [UInt64: Int64] = [:]
    private var retainedBytes: Int64 = 0

    /// - Parameters:
    ///   - retainsSegments: whether finished segments stay until `enforce` lets them go.
    ///   - receipts: go with their segments.
    ///   - now: nanoseconds since 1970.
    init(
        reader: SpoolReader, ledger: DeliveryLedger, destinations: Set<DestinationID>, retainsSegments: Bool,
        receipts: ReceiptLog? = nil, now: @escaping @Sendable () -> Int64, logger: Logger
    ) {
        self.reader = reader
        self.ledger = ledger
        self.destinations = destinations
        self.retainsSegments = retainsSegments
        self.receipts = receipts
        self.now = now
        self.logger = logger
    }

    /// How many segments are retained, and their bytes as they were last measured.
    var retainedUsage: (segments: Int, bytes: Int64) { (retained.count, retainedBytes) }

    /// Ends what a process before this one had begun.
    func resume() async throws(StoreError) {
        let onDisk = Set(try await reader.segmentNumbers())
        for segment in try await ledger.retainedSegments() {
            let damaged = try await ledger.isDamaged(segment: segment.number)
            if retainsSegments, !damaged, onDisk.contains(segment.number) {
                retained[segment.number] = segment.finishedAt
            } else {
                do throws(StoreError) {
                    try await remove(segment.number, damaged: damaged)
                } catch {
                    // No reason not to start: as old as it claims to be, `enforce` tries again.
                    retained[segment.number] = 0
                    logger.error(
                        "a finished segment can not be removed yet",
                        metadata: ["segment": "\(segment.number)", "error": "\(error)"])
                }
            }
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
        // What is only readable as a repaired copy is for people, not for a replay.
        let isSalvaged = await reader.isSalvaged(segment)
        let isKept = retainsSegments && !damaged && !isSalvaged
        try await ledger.close(segment: segment, totals: totals ?? SegmentTotals(), account: account)
        finished[segment] = nil
        retained[segment] = isKept ? now() : 0
        if !isKept {
            do throws(StoreError) {
                try await remove(segment, damaged: damaged)
            } catch {
                // It is closed, so this is nothing to do with its delivery; as old as it claims to be, `enforce` tries
                // again.
                logger.error(
                    "a finished segment can not be removed yet",
                    metadata: ["segment": "\(segment)", "error": "\(error)"])
            }
        }
        logger.info(
            "segment finished",
            metadata: [
                "segment": "\(segment)", "events": "\(totals?.events ?? 0)",
                "files": isKept ? "kept" : damaged ? "moved to damaged" : "removed",
            ])
    }

    /// Lets the retained segments go that a policy no longer keeps.
    /// - Parameters:
    ///   - measurement: the spool as it is now.
    ///   - now: nanoseconds since 1970.
    /// - Returns: what has gone.
    /// - Throws: when a segment's files can not be removed; the next call tries again.
    func enforce(
        _ policy: RetentionPolicy, _ measurement: SpaceMeasurement, now: Int64
    ) async throws(StoreError) -> [RetentionPolicy.Removal] {
        let bytes = Dictionary(
            measurement.segments.lazy.map { ($0.number, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        let hold = ReplayHold(jobs: try await ledger.runningReplayJobs())
        let held = Set(retained.filter { hold.holds($0.key, finishedAt: $0.value) }.keys)
        let removals = policy.removals(
            of: retained.map {
                RetentionPolicy.Retained(
                    segment: $0.key, finishedAt: $0.value, bytes: bytes[$0.key] ?? 0, isHeld: held.contains($0.key))
            },
            usedBytes: measurement.usedBytes, freeBytes: measurement.fileSystem.freeBytes, now: now)
        defer { retainedBytes = retained.keys.reduce(0) { $0 + (bytes[$1] ?? 0) } }
        var removed: [RetentionPolicy.Removal] = []
        var failure: StoreError?
        for removal in removals {
            do throws(StoreError) {
                try await remove(removal.segment, damaged: ledger.isDamaged(segment: removal.segment))
            } catch {
                // The others can go all the same.
                failure = error
                continue
            }
            removed.append(removal)
            let isMissed = held.contains(removal.segment)
            logger.log(
                level: isMissed ? .warning : .info,
                isMissed
                    ? "space is short: a delivered segment is removed before an order for the past came to it"
                    : "delivered segment removed",
                metadata: ["segment": "\(removal.segment)", "reason": "\(removal.reason.rawValue)"])
        }
        if let failure { throw failure }
        return removed
    }

    private func remove(_ segment: UInt64, damaged: Bool) async throws(StoreError) {
        try await reader.remove(segment: segment, damaged: damaged)
        await receipts?.remove(segment: segment)
        try await ledger.forget(segment: segment)
        retained[segment] = nil
    }
}
