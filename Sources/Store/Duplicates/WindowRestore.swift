/// Fills a starting writer's duplicate window from the segments on disk, the newest event first, until the window is
/// full, the events are too old, or the time is up: it never depends on how much waits for delivery.
struct WindowRestore {
    let layout: SpoolLayout
    let detection: DuplicateDetection
    /// Nanoseconds since 1970.
    let now: Int64

    private enum Step {
        case goOn
        case done
    }

    /// Rows of a segment that may be damaged before the rest of it is left out: a lookup of each takes time.
    private static let maximumDamaged = 100

    /// Reads what there is; what can not be read is left out and said.
    func run(_ window: DuplicateWindow) -> RestoredDuplicates {
        let started = MonotonicClock.now()
        var result = RestoredDuplicates()
        result.capacity = window.capacity
        window.advance(to: now)
        do {
            segments: for number in try layout.segmentNumbers().reversed() {
                do throws(StoreError) {
                    let step = try read(number, into: window, deadline: started + detection.restoreTime, &result)
                    if step == .done { break segments }
                } catch {
                    // The forwarder may have removed it meanwhile.
                    if FileReader.exists(layout.segmentPath(number)) { result.add(problem: error.message) }
                }
            }
        } catch {
            result.add(problem: error.message)
        }
        result.events = window.count
        result.nanoseconds = MonotonicClock.now() - started
        return result
    }

    private func read(
        _ number: UInt64, into window: DuplicateWindow, deadline: Int64, _ result: inout RestoredDuplicates
    ) throws(StoreError) -> Step {
        guard let reader = try SegmentReader.open(path: layout.segmentPath(number), number: number) else {
            return .goOn
        }
        // Only a seal proves that all before it is on the disk: its fsync was the file's last. Whoever calls an event a
        // duplicate says that it is safe.
        guard try reader.sealedTotals() != nil else {
            result.add(problem: "\(layout.segmentPath(number)): it has no seal")
            return .goOn
        }
        result.segments += 1
        var streams: [Int64: DuplicateDetection.EventFingerprint] = [:]
        var damaged = 0
        var id = try reader.newestStoredBatch()
        while id > 0, damaged < Self.maximumDamaged {
            if MonotonicClock.now() >= deadline {
                result.ranOutOfTime = true
                return .done
            }
            do throws(StoreError) {
                if let step = try read(batch: id, of: reader, &streams, into: window) {
                    if step == .done { return .done }
                } else {
                    damaged += 1
                }
            } catch {
                guard error.code == .corrupt else { throw error }
                damaged += 1
            }
            id -= 1
        }
        if damaged > 0 { result.add(problem: "\(layout.segmentPath(number)): \(damaged) batches can not be read") }
        return .goOn
    }

    /// - Returns: nil when the batch or its stream is damaged.
    private func read(
        batch id: Int64, of reader: SegmentReader, _ streams: inout [Int64: DuplicateDetection.EventFingerprint],
        into window: DuplicateWindow
    ) throws(StoreError) -> Step? {
        try reader.withBatch(id) { (batch) throws(StoreError) -> Step? in
            guard batch.receivedAt >= now - detection.age else { return .done }
            if streams[batch.stream] == nil {
                guard let stream = try reader.stream(batch.stream) else { return nil }
                streams[batch.stream] = detection.fingerprint(stream.record)
            }
            guard let fingerprint = streams[batch.stream] else { return nil }
            let time = min(batch.receivedAt, now)
            for event in (0..<batch.eventCount).reversed() {
                guard let (high, low) = fingerprint(batch.event(event)) else { continue }
                _ = window.insertOldest(Fingerprint(high, low), time: time)
                if window.isFull { return .done }
            }
            return .goOn
        }.flatMap(\.self)
    }
}
