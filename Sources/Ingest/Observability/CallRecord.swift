internal import Contract
internal import Observing
internal import Runtime
internal import Store
internal import Synchronization

/// What one call has come to so far. Its reader and its writer run side by side.
final class CallRecord: SenderSource {
    private struct State {
        var sender: AdmittedSender?
        /// Who it says it is, verified or not.
        var claim: Identity?
        var batches = 0
        var events = 0
        var refused = 0
        var duplicates = 0
        /// What the directory of senders has not been told yet; nil before the sender is admitted.
        var change: SenderChange?
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

    /// The sender says who it is; nothing of it is checked.
    func claimed(by identity: Identity) {
        state.withLock { $0.claim = identity }
    }

    /// The sender is known and may send.
    func admitted(_ sender: AdmittedSender) {
        var change = SenderChange(sender.identity, licence: sender.licence, at: sender.stream.record.openedAt)
        change.admit(as: sender.stream.record.origin, at: sender.stream.record.openedAt)
        state.withLock { state in
            state.sender = sender
            state.claim = sender.identity
            state.change = change
        }
        // All others tell at their end, which is near.
        if kind == .stream { journal.senders.began(self) }
    }

    /// Notes the sender's version from the newest event of its first batch: exporters send the oldest events first.
    func noteVersion(_ message: [UInt8], _ scanner: borrowing WireScanner) {
        let newest =
            scanner.acceptedCount > 0
            ? Int(scanner.acceptedIndex[2 * scanner.acceptedCount - 2])..<Int(
                scanner.acceptedIndex[2 * scanner.acceptedCount - 2])
                + Int(scanner.acceptedIndex[2 * scanner.acceptedCount - 1])
            : scanner.refused.last?.bytes
        guard let newest else { return }
        message.withUnsafeBytes { noteVersion(of: UnsafeRawBufferPointer(rebasing: $0[newest])) }
    }

    /// Notes the sender's version from an encoded `Event`.
    func noteVersion(of event: UnsafeRawBufferPointer) {
        guard let bytes = WireScanner.serverVersion(of: event) else { return }
        let version = String(decoding: bytes.prefix(Self.maximumVersionBytes), as: UTF8.self)
        state.withLock { $0.change?.version = version }
    }

    /// A batch is durable.
    func batchEnded(_ outcome: BatchOutcome, duplicates: Int) {
        let identity = state.withLock { state in
            state.batches += 1
            state.events += outcome.accepted + outcome.refusals.count
            state.refused += outcome.refusals.count
            state.duplicates += duplicates
            state.change?.addBatch(
                accepted: outcome.accepted, quarantined: outcome.refusals.count, duplicates: duplicates)
            for code in outcome.refusals { state.change?.quarantinedByReason[code.rawValue, default: 0] += 1 }
            return state.sender?.identity
        }
        for code in outcome.refusals { journal.metrics.eventQuarantined(code) }
        guard kind != .unary else { return }
        journal.metrics.source(of: identity).batchEnded(
            recorded: outcome.accepted, refused: outcome.refusals.count)
    }

    /// The call is over. To be called once.
    func end(_ failure: (any Error)?) {
        if kind == .stream { journal.senders.ended(self) }
        let state = state.withLock { state in
            defer { state.change = nil }
            return state
        }
        tellSenders(state, failure)
        let summary = CallSummary(
            kind: kind, sender: state.sender, batches: state.batches, events: state.events, refused: state.refused,
            duplicates: state.duplicates, seconds: Double(WallClock.monotonic() - began) / 1_000_000_000,
            failure: failure)
        journal.ended(summary)
        if let span { spans.end(span, summary) }
    }

    /// What makes the spans below the call's.
    var spans: CallSpans { CallSpans(tracer: journal.tracer) }

    /// What the directory of senders has not been told yet, for streams that go on for long.
    func takeSenderChange() -> SenderChange? {
        let now = WallClock.now()
        return state.withLock { state in
            guard var change = state.change?.take(), !change.isEmpty else { return nil }
            Self.date(&change, now: now)
            return change
        }
    }

    private func tellSenders(_ state: borrowing State, _ failure: (any Error)?) {
        let now = WallClock.now()
        var change = state.change ?? state.claim.map { SenderChange($0, at: now) } ?? .unidentified(at: now)
        Self.date(&change, now: now)
        // The endpoint tells of every HTTP request that is refused, also of those that never come here.
        if kind != .http, let failure = failure as? IngestFailure,
            let refusal = SenderRefusal(failure, of: state.claim, at: now)
        {
            change.refuse(refusal)
        }
        journal.senders.note(change)
    }

    private static func date(_ change: inout SenderChange, now: Int64) {
        guard change.batches > 0 else { return }
        change.lastEventsAt = now
        change.lastAt = now
    }

    private static let maximumVersionBytes = 64
}
