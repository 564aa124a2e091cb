internal import Logging
package import Runtime

/// Which errors are told at once and which are counted only: the first of each kind, then one in an interval. A pure value.
package struct ErrorGroups: Sendable {
    /// Kinds that are told apart; further ones share one entry.
    package static let maximumGroups = 256

    private struct Entry {
        var toldAt: Int64
        var suppressed = 0
        var last: ErrorLogRecord
    }

    private let interval: Int64
    private var entries: [ErrorGroup: Entry] = [:]

    /// - Parameter interval: each kind is told once in this time.
    package init(interval: Duration) {
        self.interval = Int64(interval / .nanoseconds(1))
    }

    /// How many kinds are remembered.
    package var count: Int { entries.count }

    /// An error has happened.
    /// - Parameter now: monotonic nanoseconds.
    /// - Returns: what is told now; nil when it is counted only.
    package mutating func add(_ record: ErrorLogRecord, now: Int64) -> ErrorReport? {
        var group = ErrorGroup(record)
        if entries[group] == nil, entries.count >= Self.maximumGroups {
            entries = entries.filter { $0.value.suppressed > 0 || !isDue($0.value, now) }
            if entries.count >= Self.maximumGroups { group = .others }
        }
        guard let entry = entries[group], !isDue(entry, now) else {
            let suppressed = entries[group]?.suppressed ?? 0
            entries[group] = Entry(toldAt: now, last: record)
            return ErrorReport(group: group, record: record, suppressed: suppressed)
        }
        entries[group]?.suppressed += 1
        entries[group]?.last = record
        return nil
    }

    /// What has been counted and is to be told now.
    /// - Parameter all: also what would wait longer: the process ends.
    package mutating func due(now: Int64, all: Bool = false) -> [ErrorReport] {
        var reports: [ErrorReport] = []
        for (group, entry) in entries where entry.suppressed > 0 && (all || isDue(entry, now)) {
            // The one that is told is none of the suppressed.
            reports.append(ErrorReport(group: group, record: entry.last, suppressed: entry.suppressed - 1))
            entries[group] = Entry(toldAt: now, last: entry.last)
        }
        return reports
    }

    private func isDue(_ entry: Entry, _ now: Int64) -> Bool { now &- entry.toldAt >= interval }
}

extension ErrorGroup {
    /// Where there are too many kinds.
    static let others = ErrorGroup(
        ErrorLogRecord(
            at: 0, level: .error, logger: "", message: "", fields: [("code", "too_many_kinds")], file: "", function: "")
    )
}
