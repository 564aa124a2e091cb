/// A table of bounded size whose entries end by themselves. When it is full, what has ended goes, else what ends first.
struct ExpiringTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        var value: Value
        var end: Int64
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]

    /// - Parameter limit: entries at most; at least one is kept.
    init(limit: Int) {
        self.limit = max(1, limit)
    }

    var count: Int { entries.count }

    /// The value, while it has not ended.
    func value(for key: Key, now: Int64) -> Value? {
        guard let entry = entries[key], now < entry.end else { return nil }
        return entry.value
    }

    mutating func insert(_ value: Value, for key: Key, end: Int64, now: Int64) {
        guard end > now else { return remove(key) }
        if entries[key] == nil, entries.count >= limit { makeRoom(now: now) }
        entries[key] = Entry(value: value, end: end)
    }

    mutating func update(_ key: Key, _ change: (inout Value) -> Void) {
        guard var entry = entries[key] else { return }
        change(&entry.value)
        entries[key] = entry
    }

    mutating func remove(_ key: Key) {
        entries[key] = nil
    }

    private mutating func makeRoom(now: Int64) {
        let ended = entries.filter { $0.value.end <= now }.map(\.key)
        for key in ended { entries[key] = nil }
        guard ended.isEmpty, let first = entries.min(by: { $0.value.end < $1.value.end }) else { return }
        entries[first.key] = nil
    }
}
