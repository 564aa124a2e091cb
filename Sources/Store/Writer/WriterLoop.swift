/// What the writer's thread does.
final class WriterLoop: Sendable {
    private let layout: SpoolLayout
    private let limits: SegmentLimits
    private let duplicates: DuplicateDetection?
    private let newestNumber: UInt64
    private let now: @Sendable () -> Int64
    private let observer: SegmentWriterObserver

    init(
        layout: SpoolLayout, limits: SegmentLimits, duplicates: DuplicateDetection?, newestNumber: UInt64,
        now: @escaping @Sendable () -> Int64, observer: SegmentWriterObserver
    ) {
        self.layout = layout
        self.limits = limits
        self.duplicates = duplicates
        self.newestNumber = newestNumber
        self.now = now
        self.observer = observer
    }

    /// Runs until the queue is empty and stopping; `isReady` becomes true before the first batch is taken.
    func run(_ queue: Monitor<SegmentWriter.Queue>, isReady: Monitor<Bool>) {
        let filter = restoredFilter()
        isReady.signal { $0 = true }
        var segment: OpenSegment?
        var lastNumber = newestNumber
        while true {
            // At once, not with the next batch: at a full spool none comes before this segment was delivered.
            if let open = segment, timeUntilSeal(open) == 0 { seal(&segment, isLast: false) }
            let work = queue.wait(timeout: segment.flatMap(timeUntilSeal)) { takeWork(&$0) }
            switch work {
            case .group(let group):
                // It may have aged while nothing came.
                if let open = segment, timeUntilSeal(open) == 0 { seal(&segment, isLast: false) }
                write(group, filter, to: &segment, lastNumber: &lastNumber)
            case .probes(let probes): answer(probes)
            case .seal: if let open = segment, open.totals.batches > 0 { seal(&segment, isLast: false) }
            case .stop:
                seal(&segment, isLast: true)
                return
            case nil: continue
            }
        }
    }

    private enum Work {
        case group([SegmentWriter.Entry])
        case probes([CommitTicket])
        case seal
        case stop
    }

    /// What is to be done next; nil to go on sleeping.
    private func takeWork(_ queue: inout SegmentWriter.Queue) -> Work? {
        if !queue.probes.isEmpty {
            defer { queue.probes.removeAll() }
            return .probes(queue.probes)
        }
        if queue.sealsSegment {
            queue.sealsSegment = false
            return .seal
        }
        if queue.entries.isEmpty { return queue.stopping ? .stop : nil }
        return .group(takeGroup(&queue))
    }

    private func answer(_ probes: [CommitTicket]) {
        let result = Result { () throws(StoreError) -> [UInt32] in
            try SpoolProbe(layout: layout).run()
            return []
        }
        for probe in probes { probe.finish(result) }
    }

    private func takeGroup(_ queue: inout SegmentWriter.Queue) -> [SegmentWriter.Entry] {
        var bytes = 0
        var count = 0
        for entry in queue.entries {
            bytes += entry.batch.payload.count
            if count > 0 && bytes > limits.groupCommitBytes { break }
            count += 1
        }
        let group = Array(queue.entries[..<count])
        queue.entries.removeFirst(count)
        return group
    }

    /// The filter with what it remembers of the segments on disk; nil when everything is to be stored.
    private func restoredFilter() -> DuplicateFilter? {
        guard let duplicates else { return nil }
        do {
            let window = try DuplicateWindow(bytes: duplicates.bytes, age: duplicates.age)
            observer.restored(WindowRestore(layout: layout, detection: duplicates, now: now()).run(window))
            return DuplicateFilter(window: window)
        } catch {
            // Events that come again are then delivered again: worse than not, better than not starting.
            var nothing = RestoredDuplicates()
            nothing.add(problem: error.message)
            observer.restored(nothing)
            return nil
        }
    }

    private func write(
        _ group: [SegmentWriter.Entry], _ filter: DuplicateFilter?, to segment: inout OpenSegment?,
        lastNumber: inout UInt64
    ) {
        let started = MonotonicClock.now()
        let bytes = group.reduce(0) { $0 + $1.batch.payload.count }
        let filtered = filter?.filter(group.lazy.map(\.batch), now: now())
        let records = filtered?.records ?? group.map(\.batch)
        var grown = 0
        do throws(StoreError) {
            // Without anything to be stored, all of it is in commits that have succeeded before.
            if !records.isEmpty {
                let open = try openSegment(segment, &lastNumber)
                segment = open
                let before = open.logBytes
                try open.commit(records)
                grown = open.logBytes - before
            }
        } catch {
            if let filtered { filter?.rollBack(filtered) }
            // After a failed write or fsync the kernel may have dropped dirty pages: nothing more goes into this file.
            // A full disk is different: nothing was written, and the segment stays good.
            if error.code != .full, let failed = segment {
                observer.leftUnsealed(failed.number, error)
                segment = nil
            }
            observer.failed(group.count, bytes, error)
            settled(group, segment: nil, diskBytes: 0)
            let timing = CommitTiming(
                began: started, ended: MonotonicClock.now(), batches: group.count, isDurable: false)
            for entry in group { entry.ticket.finish(.failure(error), timing: timing) }
            return
        }
        let timing = CommitTiming(
            began: started, ended: MonotonicClock.now(), batches: group.count, isDurable: true)
        settled(group, segment: records.isEmpty ? nil : segment?.number, diskBytes: grown)
        for (number, entry) in group.enumerated() {
            entry.ticket.finish(.success(filtered?.duplicates[number] ?? []), timing: timing)
        }
        observer.committed(
            GroupCommit(
                batches: group.count, events: records.reduce(0) { $0 + $1.eventCount },
                duplicates: filtered?.duplicateCount ?? 0,
                quarantined: records.reduce(0) { $0 + $1.quarantined.count }, payloadBytes: bytes,
                nanoseconds: MonotonicClock.now() - started))
    }

    private func settled(_ group: [SegmentWriter.Entry], segment: UInt64?, diskBytes: Int) {
        guard let settled = observer.settled else { return }
        settled(
            SettledGroup(
                segment: segment, diskBytes: diskBytes,
                parts: group.map {
                    SettledGroup.Part(client: $0.batch.stream.record.client, payloadBytes: $0.batch.payload.count)
                }))
    }

    private func openSegment(_ segment: OpenSegment?, _ lastNumber: inout UInt64) throws(StoreError) -> OpenSegment {
        if let segment { return segment }
        return try create(&lastNumber)
    }

    private func create(_ lastNumber: inout UInt64) throws(StoreError) -> OpenSegment {
        let now = now()
        // Never a number that was used before, even when every older segment is gone: the ledger may still know it.
        // Milliseconds since 1970 cannot repeat unless the clock is set back, and then the newest number so far decides.
        let number = max(lastNumber + 1, UInt64(max(0, now / 1_000_000)))
        lastNumber = number
        do throws(StoreError) {
            let segment = try OpenSegment(layout: layout, number: number, pageBytes: limits.pageBytes, now: now)
            observer.opened(number)
            return segment
        } catch {
            // Half a segment holds nothing; left behind, a full disk would collect one for every refused group.
            try? layout.unlinkSegment(number)
            throw error
        }
    }

    /// - Parameter isLast: whether the writer is stopping: what can not be sealed now is left as it is.
    private func seal(_ segment: inout OpenSegment?, isLast: Bool) {
        guard let open = segment else { return }
        segment = nil
        do {
            try open.seal(now: now())
            observer.sealed(open.number, open.totals)
        } catch {
            // No space for the one page that a seal takes: the segment stays open and good. Left behind without a seal
            // it would be the newest one for as long as there is no space for the next, and the forwarder could not
            // remove it, which may be the only way to get space.
            if error.code == .full, !isLast {
                open.sealRetryAt = MonotonicClock.now() + Self.sealRetryInterval
                segment = open
                return
            }
            // The batches are durable; only the totals are missing, and the forwarder can do without them.
            observer.leftUnsealed(open.number, error)
        }
    }

    /// Nanoseconds until a segment is to be sealed, 0 for now; nil for one without batches, which has nothing to seal
    /// however old it is.
    private func timeUntilSeal(_ segment: OpenSegment) -> Int64? {
        guard segment.totals.batches > 0 else { return nil }
        let now = MonotonicClock.now()
        if let retryAt = segment.sealRetryAt { return max(0, retryAt - now) }
        if segment.logBytes >= limits.segmentBytes { return 0 }
        return max(0, limits.segmentAge - (now - segment.openedAtMonotonic))
    }

    private static let sealRetryInterval: Int64 = 1_000_000_000
}
