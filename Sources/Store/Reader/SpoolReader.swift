/// Reads the spool in order, on a thread of its own. It never writes a segment.
package actor SpoolReader {
    /// How many segments are kept open at once; each costs file descriptors and a page cache.
    package static let maximumOpenSegments = 16

    private let layout: SpoolLayout
    private let executor: ThreadExecutor
    /// Open segments, the most recently used last.
    private var open: [SegmentReader] = []
    /// Summaries of sealed segments, the most recently used last: a lane looks ahead in one segment at a time.
    private var summaries: [SegmentSummary] = []
    private static let maximumSummaries = 4
    /// Segments that are read from a repaired copy.
    private var salvaged: Set<UInt64> = []
    /// Segments of which nothing at all can be read, and why.
    private var unreadable: [UInt64: String] = [:]

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
    /// - Throws: `newerVersion` for a segment of a newer build, `io` when the device fails, `corrupt` for a newest segment
    ///   that can not be read: an ingest may be about to write it. Any other damage does not throw: it is in the page.
    package func page(after position: SpoolPosition, maximumBytes: Int) throws(StoreError) -> SpoolPage {
        // Listed before reading: when a newer segment exists now, this one gets no batch after the read below.
        let numbers = try layout.segmentNumbers()
        guard let number = numbers.first(where: { $0 >= position.segment }) else {
            return SpoolPage(end: .caughtUp, position: position)
        }
        let isNewest = number == numbers.last
        let batch = number == position.segment ? position.batch : 0
        guard let reader = try reader(number, isNewest: isNewest) else {
            // Batch 0: that there were batches is all that is known, not how many.
            let damaged = unreadable[number].map { DamagedBatch(segment: number, id: 0, events: 0, reason: $0) }
            return SpoolPage(
                segment: number, damaged: [damaged].compactMap(\.self),
                end: isNewest ? .caughtUp : .segmentFinished(nil),
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

    /// The headers of what follows a position in its segment, or else in the next one: at most `limit`.
    /// - Throws: as `page`.
    package func headers(after position: SpoolPosition, limit: Int) throws(StoreError) -> HeaderPage {
        // Listed before reading: when a newer segment exists now, this one gets no batch after the read below.
        let numbers = try layout.segmentNumbers()
        guard let number = numbers.first(where: { $0 >= position.segment }) else {
            return HeaderPage(end: .caughtUp, position: position)
        }
        let isNewest = number == numbers.last
        let batch = number == position.segment ? position.batch : 0
        if let summary = summary(number) { return Self.page(of: summary, after: batch, limit: limit) }
        var page = HeaderPage(
            segment: number, end: isNewest ? .caughtUp : .segmentFinished(nil),
            position: SpoolPosition(segment: number, batch: batch))
        guard let reader = try reader(number, isNewest: isNewest) else {
            // Batch 0: that there were batches is all that is known, not how many.
            page.damaged =
                unreadable[number].map { [DamagedBatch(segment: number, id: 0, events: 0, reason: $0)] } ?? []
            return page
        }
        // Also read before the batches: a seal that is seen here has no batch after it.
        let totals = try sealedTotals(reader)
        (page.headers, page.damaged) = try reader.headers(after: batch, limit: limit)
        page.senders = try reader.senders(of: page.headers)
        if let last = page.headers.last { page.position = last.position }
        if page.headers.isEmpty || page.position.batch == totals?.batches {
            page.end = totals != nil || !isNewest ? .segmentFinished(totals) : .caughtUp
        } else {
            page.end = .more
        }
        return page
    }

    private static func page(of summary: SegmentSummary, after batch: Int64, limit: Int) -> HeaderPage {
        let headers = summary.headers(after: batch, limit: limit)
        let position = headers.last?.position ?? SpoolPosition(segment: summary.number, batch: batch)
        return HeaderPage(
            segment: summary.number, headers: headers, senders: summary.senders(of: headers),
            end: position.batch >= summary.totals.batches ? .segmentFinished(summary.totals) : .more,
            position: position)
    }

    /// A sealed segment's summary; nil without one, and for a segment of which more is known: that it is damaged.
    private func summary(_ number: UInt64) -> SegmentSummary? {
        if salvaged.contains(number) || unreadable[number] != nil { return nil }
        let summary: SegmentSummary
        if let index = summaries.firstIndex(where: { $0.number == number }) {
            summary = summaries.remove(at: index)
        } else if let stored = SegmentSummary.read(number, layout) {
            summary = stored
        } else {
            return nil
        }
        if summaries.count == Self.maximumSummaries { summaries.removeFirst() }
        summaries.append(summary)
        return summary
    }

    /// Who sent a batch, as the rows say it; nil when they can not be read.
    package func sender(batch: Int64, segment: UInt64) throws(StoreError) -> StreamSender? {
        if let sender = summary(segment)?.sender(batch: batch) { return sender }
        return try reader(segment, isNewest: isNewest(segment))?.sender(batch: batch)
    }

    /// Where the spool ends now: its newest batch, or the beginning of its newest segment.
    package func end() throws(StoreError) -> SpoolPosition {
        guard let number = try layout.segmentNumbers().last else { return .start }
        if let summary = summary(number) { return SpoolPosition(segment: number, batch: summary.totals.batches) }
        guard let reader = try reader(number, isNewest: true) else { return SpoolPosition(segment: number, batch: 0) }
        return SpoolPosition(segment: number, batch: try reader.newestBatch() ?? 0)
    }

    /// Reads batches by their places, in the order in which they are named. Batches of a segment that is gone are damaged.
    package func batches(
        at positions: [SpoolPosition]
    ) throws(StoreError) -> (batches: [StoredBatch], damaged: [DamagedBatch]) {
        var result: (batches: [StoredBatch], damaged: [DamagedBatch]) = ([], [])
        let newest = try layout.segmentNumbers().last
        // Segment by segment, whatever the order of turns: to open one again costs far more than to sort.
        var rest = positions.sorted()[...]
        while let segment = rest.first?.segment {
            let run = rest.prefix { $0.segment == segment }
            rest = rest[run.endIndex...]
            guard let reader = try reader(segment, isNewest: segment == newest) else {
                let reason = unreadable[segment] ?? "the segment can not be opened"
                result.damaged += run.map {
                    DamagedBatch(segment: segment, id: $0.batch, events: 0, reason: reason)
                }
                continue
            }
            let read = try reader.read(run.lazy.map(\.batch))
            result.batches += read.batches
            result.damaged += read.damaged
        }
        let turns = Dictionary(
            zip(positions, positions.indices), uniquingKeysWith: { first, _ in first })
        result.batches.sort {
            turns[SpoolPosition(segment: $0.segment, batch: $0.id), default: 0]
                < turns[SpoolPosition(segment: $1.segment, batch: $1.id), default: 0]
        }
        return result
    }

    /// The totals in a segment's seal; nil without one, or when the segment is gone.
    package func sealedTotals(segment: UInt64) throws(StoreError) -> SegmentTotals? {
        guard try layout.segmentNumbers().contains(segment) else { return nil }
        return try reader(segment, isNewest: true).flatMap { (reader) throws(StoreError) in try sealedTotals(reader) }
    }

    /// A stream's row; nil when it is missing or damaged.
    package func stream(_ id: Int64, segment: UInt64) throws(StoreError) -> StoredStream? {
        guard let reader = try reader(segment, isNewest: isNewest(segment)) else { return nil }
        do {
            return try reader.stream(id)
        } catch {
            guard error.code == .corrupt else { throw error }
            return nil
        }
    }

    /// Quarantined events of a segment after a row: at most `limit` rows, whole or damaged.
    /// - Returns: what was read; a damaged row as the batch it belongs to (0 when that is not known) with no events, for
    ///   quarantined events are no part of a batch's event count; and the last row that was read or set aside.
    package func quarantined(
        segment: UInt64, after row: Int64, limit: Int
    ) throws(StoreError) -> (events: [StoredQuarantine], damaged: [DamagedBatch], last: Int64) {
        try reader(segment, isNewest: isNewest(segment))?.quarantined(after: row, limit: limit) ?? ([], [], row)
    }

    /// Whether a segment is read from a repaired copy, because its own log is damaged.
    package func isSalvaged(_ segment: UInt64) -> Bool { salvaged.contains(segment) }

    /// Removes a segment's files, or moves them aside when they are damaged. Call it only when the ledger says durably
    /// that every event of the segment is resolved.
    package func remove(segment: UInt64, damaged: Bool) throws(StoreError) {
        open.removeAll { $0.number == segment }
        summaries.removeAll { $0.number == segment }
        let salvage = SegmentSalvage(layout: layout)
        if damaged || unreadable[segment] != nil || salvaged.contains(segment) {
            try salvage.setAside(segment)
        } else {
            try layout.unlinkSegment(segment)
        }
        unreadable[segment] = nil
        if salvaged.remove(segment) != nil { salvage.discard(segment) }
    }

    func openSegment(_ segment: UInt64) throws(StoreError) -> SegmentReader? {
        try reader(segment, isNewest: isNewest(segment))
    }

    private func isNewest(_ segment: UInt64) throws(StoreError) -> Bool {
        try layout.segmentNumbers().last == segment
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
        if unreadable[number] != nil { return nil }
        if salvaged.contains(number) { return try openSalvaged(number) }
        do {
            let reader = try SegmentReader.open(path: path, number: number)
            if isNewest { return reader }
            guard let reader else {
                // No schema and a newer segment: an ingest that died at once, or a log that SQLite can not use at all.
                return try WriteAheadLog.hasUnreachableCommits(segmentPath: path, beyond: 0)
                    ? openSalvaged(number) : nil
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
        return try reader.isCutShort()
    }

    /// - Returns: nil when there is nothing to be salvaged; then `unreadable` says why.
    private func openSalvaged(_ number: UInt64) throws(StoreError) -> SegmentReader? {
        let salvage = SegmentSalvage(layout: layout)
        do {
            if !salvaged.contains(number) {
                _ = try salvage.repair(number)
                salvaged.insert(number)
            }
            if let reader = try SegmentReader.open(path: salvage.copyPath(number), number: number) { return reader }
            unreadable[number] = "the repaired copy of the segment has no schema"
        } catch {
            // Nothing can be done about damage, but what comes after this segment must not wait for it.
            guard error.code == .corrupt else { throw error }
            unreadable[number] = error.message
        }
        salvage.discard(number)
        salvaged.remove(number)
        return nil
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
