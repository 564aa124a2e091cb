/// Which traces are recorded. A pure value: the caller brings the randomness, which is in the trace id.
package struct TraceSampler: Sendable, Hashable {
    /// The samplers of the OpenTelemetry specification, by their names in `OTEL_TRACES_SAMPLER`.
    package enum Name: String, Sendable, Hashable, CaseIterable {
        /// Every trace, whatever the sender says.
        case alwaysOn = "always_on"
        /// None.
        case alwaysOff = "always_off"
        /// A share of the traces, whatever the sender says.
        case ratio = "traceidratio"
        /// As the sender says; all without a sender's word.
        case parentOrOn = "parentbased_always_on"
        /// As the sender says; none without a sender's word.
        case parentOrOff = "parentbased_always_off"
        /// As the sender says; a share without a sender's word.
        case parentOrRatio = "parentbased_traceidratio"
    }

    /// The share of the traces that nobody has decided about, where none is set: enough to see what is slow, little enough
    /// not to matter.
    package static let standardRatio = 0.01

    /// Whether the sender decides where there is one.
    package let followsParent: Bool
    /// A trace is recorded when the random part of its id is at least this.
    private let threshold: UInt64

    private static let randomBits: UInt64 = 1 << 56

    /// - Parameter ratio: from 0 to 1; counts for the samplers that take a share.
    package init(_ name: Name, ratio: Double = standardRatio) {
        let share: Double
        switch name {
        case .alwaysOn, .parentOrOn: share = 1
        case .alwaysOff, .parentOrOff: share = 0
        case .ratio, .parentOrRatio: share = min(1, max(0, ratio))
        }
        switch name {
        case .alwaysOn, .alwaysOff, .ratio: followsParent = false
        case .parentOrOn, .parentOrOff, .parentOrRatio: followsParent = true
        }
        threshold = Self.randomBits - UInt64(share * Double(Self.randomBits))
    }

    /// Whether a trace is recorded that begins here, or of which nobody's word counts.
    /// - Parameter traceLow: the second half of the trace id; its last 56 bits are random.
    package func samples(traceLow: UInt64) -> Bool { traceLow & (Self.randomBits - 1) >= threshold }

    /// Whether a span below another process's span is recorded.
    package func samples(below parent: TraceContext) -> Bool {
        followsParent ? parent.isSampled : samples(traceLow: parent.traceLow)
    }
}
