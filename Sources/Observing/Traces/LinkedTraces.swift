/// The traces of the streams whose events are dealt with together: what a span of them is linked to.
package struct LinkedTraces: Sendable, Hashable {
    /// Those that are recorded, each once; at most ``FinishedSpan/maximumLinks``.
    package private(set) var sampled: [TraceContext] = []
    /// Those that were too many.
    package private(set) var dropped = 0
    /// Whether there is a stream without a trace.
    private(set) var hasUntraced = false

    /// No traces.
    package init() {}

    /// Adds the trace of a stream; nil for one without.
    package mutating func add(_ trace: TraceContext?) {
        guard let trace else {
            hasUntraced = true
            return
        }
        guard trace.isSampled, !sampled.contains(trace) else { return }
        if sampled.count < FinishedSpan.maximumLinks { sampled.append(trace) } else { dropped += 1 }
    }
}
