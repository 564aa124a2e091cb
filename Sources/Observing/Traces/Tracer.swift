internal import Runtime

/// Where spans begin and end. What is not recorded has no span: `begin` returns nil, and nothing more is to be done.
///
/// An own API of three calls instead of swift-distributed-tracing: that library brings a task-local context, a process-wide
/// instrument, existential spans that allocate and are locked at each attribute, and no exporter. What is needed here is a
/// value that goes through queues and is nil where nothing is recorded.
package struct Tracer: Sendable {
    /// Records nothing.
    package static let off = Tracer(sampler: TraceSampler(.alwaysOff), finished: nil)

    private let sampler: TraceSampler
    private let finished: (@Sendable (FinishedSpan) -> Void)?

    /// - Parameter finished: takes the spans; must not block. Nil records nothing.
    package init(sampler: TraceSampler, finished: (@Sendable (FinishedSpan) -> Void)?) {
        self.sampler = sampler
        self.finished = finished
    }

    /// Whether anything may be recorded.
    package var isOn: Bool { finished != nil }

    /// Begins the first span of this process in a trace.
    /// - Parameter parent: the span of the process that asked; nil begins a trace.
    /// - Returns: nil when it is not recorded.
    package func begin(below parent: TraceContext?) -> OpenSpan? {
        guard isOn else { return nil }
        guard let parent else { return begin(at: WallClock.monotonic()) }
        guard sampler.samples(below: parent) else { return nil }
        let context = TraceContext(
            traceHigh: parent.traceHigh, traceLow: parent.traceLow, span: Self.random(), isSampled: true)
        return Self.open(context, parent: parent.span, at: WallClock.monotonic())
    }

    /// Begins a trace for work on events of several streams.
    /// - Parameters:
    ///   - traces: those of the streams. One that is recorded is enough; where none is, those decide that have no trace.
    ///   - monotonic: when the work began, in nanoseconds.
    /// - Returns: nil when it is not recorded.
    package func begin(for traces: LinkedTraces, at monotonic: Int64) -> OpenSpan? {
        guard isOn else { return nil }
        if sampler.followsParent {
            if !traces.sampled.isEmpty { return Self.open(Self.root(), parent: 0, at: monotonic) }
            guard traces.hasUntraced else { return nil }
        }
        return begin(at: monotonic)
    }

    /// Begins a span below another one of this process.
    /// - Parameter monotonic: when it began, in nanoseconds; nil for now.
    package func begin(below parent: OpenSpan, at monotonic: Int64? = nil) -> OpenSpan {
        OpenSpan(
            context: parent.context.child(Self.random()), parent: parent.context.span, isParentRemote: false,
            began: monotonic ?? WallClock.monotonic(), wallOffset: parent.wallOffset)
    }

    /// Ends a span.
    /// - Parameter monotonic: when it ended, in nanoseconds; nil for now.
    package func end(
        _ span: OpenSpan, _ name: String, kind: SpanKind = .internal, attributes: [SpanAttribute] = [],
        links: LinkedTraces = LinkedTraces(), isError: Bool = false, at monotonic: Int64? = nil
    ) {
        finished?(
            FinishedSpan(
                span: span, name: name, kind: kind, ended: max(span.began, monotonic ?? WallClock.monotonic()),
                attributes: attributes, links: links.sampled, droppedLinks: links.dropped, isError: isError))
    }

    private func begin(at monotonic: Int64) -> OpenSpan? {
        let context = Self.root()
        guard sampler.samples(traceLow: context.traceLow) else { return nil }
        return Self.open(context, parent: 0, at: monotonic)
    }

    private static func open(_ context: TraceContext, parent: UInt64, at monotonic: Int64) -> OpenSpan {
        OpenSpan(
            context: context, parent: parent, isParentRemote: parent != 0, began: monotonic,
            wallOffset: WallClock.now() &- WallClock.monotonic())
    }

    private static func root() -> TraceContext {
        TraceContext(traceHigh: random(), traceLow: random(), span: random(), isSampled: true)
    }

    /// Not 0, which stands for nothing.
    private static func random() -> UInt64 { UInt64.random(in: 1...UInt64.max) }
}
