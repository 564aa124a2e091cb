/// Decides which repetitions of an error are worth a log line. A pure value: the caller guards it and tells the time.
package struct LogRateLimiter: Sendable {
    /// What to do with one occurrence.
    package enum Decision: Sendable, Equatable {
        /// Log it, and say that `suppressed` earlier ones of the same key were not logged.
        case emit(suppressed: Int)
        /// Count it only.
        case suppress
    }

    /// How many keys are told apart; further ones share one entry.
    package static let maximumKeys = 256

    /// How often one key is logged unless told otherwise.
    package static let defaultInterval = Duration.seconds(10)

    private struct Entry {
        var lastEmitted: Int64
        var suppressed = 0
    }

    private static let sharedKey = ""
    private let interval: Int64
    private var entries: [String: Entry] = [:]

    /// - Parameter interval: each key is logged at most once in this time.
    package init(interval: Duration = defaultInterval) {
        let (seconds, attoseconds) = interval.components
        self.interval = seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
    }

    /// What to do with an occurrence of `key` at `now` (nanoseconds, better monotonic; time that goes back emits).
    package mutating func decide(key: String, now: Int64) -> Decision {
        var key = key
        if entries[key] == nil, entries.count >= Self.maximumKeys {
            // Only keys without anything left to tell may be forgotten.
            entries = entries.filter { $0.value.suppressed > 0 || !isDue($0.value, now: now) }
            if entries.count >= Self.maximumKeys { key = Self.sharedKey }
        }
        guard var entry = entries[key] else {
            entries[key] = Entry(lastEmitted: now)
            return .emit(suppressed: 0)
        }
        defer { entries[key] = entry }
        guard isDue(entry, now: now) else {
            entry.suppressed += 1
            return .suppress
        }
        let suppressed = entry.suppressed
        entry = Entry(lastEmitted: now)
        return .emit(suppressed: suppressed)
    }

    /// How many keys are held now.
    var keyCount: Int { entries.count }

    private func isDue(_ entry: Entry, now: Int64) -> Bool {
        now < entry.lastEmitted || now - entry.lastEmitted >= interval
    }
}
