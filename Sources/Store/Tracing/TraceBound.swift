/// How long a look at a spool may take, and how much it may read.
package struct TraceBound: Sendable {
    /// On the monotonic clock, in nanoseconds; nil for no end.
    private let deadline: Int64?
    /// Bytes of payloads that a search for an event reads at most.
    package let bytes: Int64

    /// Bounds a look that begins now.
    /// - Parameters:
    ///   - time: nil for any time.
    ///   - bytes: of payloads.
    package init(time: Duration? = nil, bytes: Int64 = .max) {
        deadline = time.map { MonotonicClock.now() &+ Int64($0 / .nanoseconds(1)) }
        self.bytes = bytes
    }

    /// Whether the time is over.
    var isOver: Bool {
        guard let deadline else { return false }
        return MonotonicClock.now() >= deadline
    }
}
