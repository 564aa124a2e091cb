/// What waits to be written, one sum for each sender, within a bound.
struct SenderPending: Sendable {
    private(set) var changes: [SenderKey: SenderChange] = [:]
    /// Changes that found no room.
    private(set) var dropped = 0
    private let maximum: Int

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// Adds what happened last.
    mutating func add(_ change: SenderChange) {
        if let index = changes.index(forKey: change.key) {
            changes.values[index].merge(change)
            return
        }
        guard changes.count < maximum else {
            dropped += 1
            return
        }
        changes[change.key] = change
    }

    /// Adds what happened before all that is here.
    mutating func putBack(_ earlier: [SenderKey: SenderChange]) {
        let later = changes
        changes = earlier
        for change in later.values { add(change) }
    }

    /// Takes everything out.
    mutating func take() -> (changes: [SenderKey: SenderChange], dropped: Int) {
        defer {
            changes = [:]
            dropped = 0
        }
        return (changes, dropped)
    }
}
