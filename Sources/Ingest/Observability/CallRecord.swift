internal import Contract
internal import Observing
internal import Runtime
internal import Synchronization

/// What one call has come to so far. Its reader and its writer run side by side.
final class CallRecord: Sendable {
    private struct State {
        var sender: AdmittedSender?
        var batches = 0
        var events = 0
        var refused = 0
        var duplicates = 0
    }

    /// The call's span; nil when it is not recorded.
    let span: OpenSpan?
    private let kind: CallJournal.Kind
    private let journal: CallJournal
    private let began = WallClock.monotonic()
    private let state = Mutex(State())

    init(kind: CallJournal.Kind, span: OpenSpan?, journal: CallJournal) {
        self.kind = kind
        self.span = span
        self.journal = journal
    }

    /// The sender is known and may send.
    func admitted(_ sender: AdmittedSender) {
        state.withLock { $0.sender = sender }
    }

    /// A batch is durable.
    func batchEnded(_ outcome: BatchOutcome, duplicates: Int) {
        let identity = state.withLock { state in
            state.batches += 1
            state.events += outcome.accepted + outcome.refusals.count
            state.refused += outcome.refusals.count
            state.duplicates += duplicates
            return state.sender?.identity
        }
        for code in outcome.refusals { journal.metrics.eventQuarantined(code) }
        guard kind != .unary else { return }
        journal.metrics.source(of: identity).batchEnded(
            recorded: outcome.accepted, refused: outcome.refusals.count)
    }

    /// The call is over. To be called once.
    func end(_ failure: (any Error)?) {
        let state = state.withLock { $0 }
        let summary = CallSummary(
            kind: kind, sender: state.sender, batches: state.batches, events: state.events, refused: state.refused,
            duplicates: state.duplicates, seconds: Double(WallClock.monotonic() - began) / 1_000_000_000,
            failure: failure)
        journal.ended(summary)
        if let span { CallSpans(tracer: journal.tracer).end(span, summary) }
    }

    /// What makes the spans below the call's.
    var spans: CallSpans { CallSpans(tracer: journal.tracer) }
}
