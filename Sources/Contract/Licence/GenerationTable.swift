/// A table of bounded size that forgets what was not asked for lately, in constant time: entries live in a young half,
/// which becomes the old half when it is full; what is found in the old half moves back.
struct GenerationTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let halfLimit: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    /// - Parameter limit: entries at most; at least 2 are kept.
    init(limit: Int) {
        halfLimit = max(1, limit / 2)
    }

    var count: Int { young.count + old.count }

    mutating func value(for key: Key) -> Value? {
        if let value = young[key] { return value }
        guard let value = old.removeValue(forKey: key) else { return nil }
        insert(value, for: key)
        return value
    }

    mutating func insert(_ value: Value, for key: Key) {
        old[key] = nil
        if young[key] == nil, young.count >= halfLimit {
            old = young
            young = [:]
        }
        young[key] = value
    }
}
