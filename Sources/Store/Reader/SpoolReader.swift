/// Reads the spool in order, on a thread of its own. It never writes a segment.
package actor SpoolReader {
    /// How many segments are kept open at once; each costs file descriptors and a page cache.
    package static let maximumOpenSegments = 4

    private let layout: SpoolLayout
    private let executor: ThreadExecutor
    /// Open segments, the most recently used last.
    private var open: [SegmentReader] = []
    /// Segments that are read from a repaired copy.
    private var salvaged: Set<UInt64> = []

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Makes a reader for a spool.
    /// - Throws: `io` when there is no thread to be had.
    package init(layout: SpoolLayout) throws(StoreError) {
        self.layout = layout
        executor = try ThreadExecutor(name: "spool-reader")
    }

    /// The numbers of all segments on disk, oldest first.
    package func segmentNumbers() throws(StoreError) -> [UInt64] { try layout.segmentNumbers() }

    /// Reads what follows a position: whole batches up to `maximumBytes` of payload, and at least one if there is any.
    /// - Throws: `newerVersion` for a segment of a newer build, `io` when the device fails. Damage does not throw: it is
    ///   in the page.
    package func page(after position: SpoolPosition, maximumBytes: Int) throws(StoreError) -> SpoolPage {
        // Listed before reading: when a newer segment exists now, this one gets no batch after the read below.
        let numbers = try layout.segmentNumbers()
        guard let number = numbers.first(where: { $0 >= position.segment }) else {
            return SpoolPage(end: .caughtUp, position: position)
        }
        let isNewest = number == numbers.last
        let batch = number == position.segment ? position.batch : 0
        guard let reader = try reader(number, isNewest: isNewest) else {
            return SpoolPage(
                segment: number, end: isNewest ? .caughtUp : .segmentFinished(nil),
                position: SpoolPosition(segment: number, batch: batch))
        }
        // Also read before the batches: a seal that is seen here has no batch after it.
        let totals = try sealedTotals(reader)
        let read = try reader.read(after: batch, maximumBytes: maximumBytes)
        var page = SpoolPage(
            segment: number, batches: read.batches, damaged: read.damaged, end: .more,
            position: SpoolPosition(segment: number, batch: read.last))
        if read.last == batch || read.last == totals?.batches {
            page.end = totals != nil || !isNewest ? .segmentFinished(totals) : .caughtUp
        }
        return page
    }

    /// A stream's row; nil when it is missing or damaged.
    package func stream(_ id: Int64, segment: UInt64) throws(StoreError) -> StoredStream? {
        try reader(segment, isNewest: true)?.stream(id)
    }

    /// Quarantined events of a segment after a row, at most `limit`.
    package func quarantined(
        segment: UInt64, after row: Int64, limit: Int
    ) throws(StoreError) -> (events: [StoredQuarantine], last: Int64) {
        try reader(segment, isNewest: true)?.quarantined(after: row, limit: limit) ?? ([], row)
    }

    /// Whether a segment is read from a repaired copy, because its own log is damaged.
    package func isSalvaged(_ segment: UInt64) -> Bool { salvaged.contains(segment) }

    /// Removes a segment's files, or moves them aside when they are damaged. Call it only when the ledger says durably
    /// that every event of the segment is resolved.
    package func remove(segment: UInt64, damaged: Bool) throws(StoreError) {
        open.removeAll { $0.number == segment }
        let salvage = SegmentSalvage(layout: layout)
        if damaged || salvaged.contains(segment) {
            try salvage.setAside(segment)
        } else {
            try layout.unlinkSegment(segment)
        }
        if salvaged.remove(segment) != nil { salvage.discard(segment) }
    }

    private func reader(_ number: UInt64, isNewest: Bool) throws(StoreError) -> SegmentReader? {
        var reader: SegmentReader?
        if let index = open.firstIndex(where: { $0.number == number }) {
            reader = open.remove(at: index)
            // It was opened while it was the newest, and what was still being written then is final now.
            if let known = reader, !isNewest, !salvaged.contains(number), try isCutShort(known) { reader = nil }
        }
        if reader == nil { reader = try openReader(number, isNewest: isNewest) }
        guard let reader else { return nil }
        if open.count == Self.maximumOpenSegments { open.removeFirst() }
        open.append(reader)
        return reader
    }

    private func openReader(_ number: UInt64, isNewest: Bool) throws(StoreError) -> SegmentReader? {
        let path = layout.segmentPath(number)
        if salvaged.contains(number) { return try openSalvaged(number) }
        do {
            let reader = try SegmentReader.open(path: path, number: number)
            if isNewest { return reader }
            guard let reader else {
                // No schema and a newer segment: an ingest that died at once, or a log that SQLite can not use at all.
                return try WriteAheadLog.hasUnreachableCommits(segmentPath: path) ? openSalvaged(number) : nil
            }
            return try isCutShort(reader) ? openSalvaged(number) : reader
        } catch {
            guard error.code == .corrupt, !isNewest else { throw error }
            return try openSalvaged(number)
        }
    }

    /// Whether a segment that gets no more batches has commits that SQLite does not see. A seal is a segment's last
    /// commit, so whoever sees the seal sees everything.
    private func isCutShort(_ reader: SegmentReader) throws(StoreError) -> Bool {
        guard try sealedTotals(reader) == nil else { return false }
        return try WriteAheadLog.hasUnreachableCommits(segmentPath: layout.segmentPath(reader.number))
    }

    private func openSalvaged(_ number: UInt64) throws(StoreError) -> SegmentReader? {
        let copy = try SegmentSalvage(layout: layout).repair(number)
        salvaged.insert(number)
        return try SegmentReader.open(path: copy, number: number)
    }

    private func sealedTotals(_ reader: SegmentReader) throws(StoreError) -> SegmentTotals? {
        do {
            return try reader.sealedTotals()
        } catch {
            // The one page that holds the seal is damaged; the batches may not be.
            guard error.code == .corrupt else { throw error }
            return nil
        }
    }
}
