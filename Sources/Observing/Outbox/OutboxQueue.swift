/// What waits in an ``Outbox``, and what is done next. A pure value: the caller brings clock and randomness.
struct OutboxQueue<Item: Sendable>: Sendable {
    /// What is to be done.
    enum Step {
        /// Send these, then call `ended`.
        case send([Item])
        /// Nothing before this time, in monotonic nanoseconds.
        case wait(until: Int64)
        /// Nothing before there is more.
        case nothing
    }

    private let limits: OutboxLimits
    private var waiting: [Item] = []
    private var current: [Item] = []
    private var attempts = 0
    private var notBefore = Int64.min

    init(limits: OutboxLimits) {
        self.limits = limits
    }

    /// Items that are not sent.
    var count: Int { waiting.count + current.count }

    /// Whether a whole request waits.
    var hasWholeBatch: Bool { waiting.count >= limits.batch }

    /// - Returns: false when there is no room.
    mutating func add(_ item: Item) -> Bool {
        guard waiting.count < limits.capacity else { return false }
        waiting.append(item)
        return true
    }

    mutating func next(now: Int64) -> Step {
        if current.isEmpty {
            guard !waiting.isEmpty else { return .nothing }
            let count = min(limits.batch, waiting.count)
            current = Array(waiting[..<count])
            waiting.removeFirst(count)
            attempts = 0
        }
        guard now >= notBefore else { return .wait(until: notBefore) }
        attempts += 1
        return .send(current)
    }

    /// A request has ended.
    /// - Parameter jitter: from 0 to 1.
    /// - Returns: what has become of its items; nothing when they are tried again.
    mutating func ended(_ result: OutboxResult, now: Int64, jitter: Double) -> [OutboxOutcome: Int] {
        switch result {
        case .taken(let refused):
            let refused = min(max(0, refused), current.count)
            return [.sent: finish() - refused, .refused: refused]
        case .refused: return [.refused: finish()]
        case .limited: return [.limited: finish()]
        case .later(let wish):
            // A wish holds for what comes after as well, also when these items are given up.
            notBefore = now &+ pause(wish, jitter: jitter)
            return attempts < limits.attempts ? [:] : [.failed: finish()]
        }
    }

    /// Everything that waits is given up.
    mutating func giveUp() -> Int {
        defer { (waiting, current) = ([], []) }
        return count
    }

    private mutating func finish() -> Int {
        defer { current = [] }
        return current.count
    }

    private func pause(_ wish: Duration?, jitter: Double) -> Int64 {
        if let wish { return Int64(wish / .nanoseconds(1)) }
        let longest = min(OutboxLimits.maximumPause, OutboxLimits.firstPause << Int64(min(attempts - 1, 20)))
        // At least half, so that a receiver in trouble gets some rest from everybody.
        return longest / 2 + Int64(jitter * Double(longest / 2))
    }
}
