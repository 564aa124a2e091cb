/// Takes events out of a group that are recorded already, or that stand in the group before.
final class DuplicateFilter {
    private let window: DuplicateWindow

    init(window: DuplicateWindow) {
        self.window = window
    }

    /// What is left of a group.
    struct Group {
        /// The batches that have something to be stored.
        var records: [BatchRecord] = []
        /// For each batch of the group the events taken out, as ordinals in its index.
        var duplicates: [[UInt32]] = []
        /// How many they are.
        var duplicateCount = 0
        /// Where the window stood before.
        fileprivate let mark: DuplicateWindow.Mark
    }

    /// Filters a group; its events count as recorded from now on.
    /// - Parameter now: nanoseconds since 1970.
    func filter(_ batches: some Collection<BatchRecord>, now: Int64) -> Group {
        window.advance(to: now)
        var group = Group(mark: window.mark)
        group.records.reserveCapacity(batches.count)
        group.duplicates.reserveCapacity(batches.count)
        for batch in batches {
            let duplicates = duplicates(of: batch)
            group.duplicates.append(duplicates)
            group.duplicateCount += duplicates.count
            let rest = duplicates.isEmpty ? batch : batch.removing(events: duplicates)
            if duplicates.isEmpty || rest.eventCount > 0 || !rest.quarantined.isEmpty { group.records.append(rest) }
        }
        return group
    }

    /// Forgets a group that did not become durable: when its events come again, they must be stored.
    func rollBack(_ group: Group) { window.rollBack(to: group.mark) }

    private func duplicates(of batch: BatchRecord) -> [UInt32] {
        var duplicates: [UInt32] = []
        batch.fingerprints.withUnsafeBufferPointer { fingerprints in
            let count = min(batch.eventCount, fingerprints.count / 2)
            for event in 0..<count {
                let ahead = event + DuplicateWindow.lookahead
                if ahead < count {
                    window.prefetch(Fingerprint(fingerprints[2 * ahead], fingerprints[2 * ahead + 1]))
                }
                let fingerprint = Fingerprint(fingerprints[2 * event], fingerprints[2 * event + 1])
                if !window.insert(fingerprint) { duplicates.append(UInt32(event)) }
            }
        }
        return duplicates
    }
}
