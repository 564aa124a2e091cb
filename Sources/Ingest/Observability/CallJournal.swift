internal import Contract
internal import GRPCCore
internal import Logging
internal import Observing
internal import Runtime
internal import Store
internal import Synchronization

/// Notes what every call came to: metrics for all, a log line for each stream and for what went wrong.
final class CallJournal: Sendable {
    /// The kinds of call.
    enum Kind: String, Sendable {
        /// `RecordEvents`.
        case stream
        /// `RecordEvent`.
        case unary
        /// `POST /v1/events`.
        case http
    }

    /// A stream that takes longer is logged as slow (reference 1.2).
    static let slowCall = Duration.seconds(30)
    /// The same refusal of the same client is logged once in this time.
    static let refusalInterval = Duration.seconds(60)

    let metrics: IngestMetrics
    let tracer: Tracer
    /// Told what every call has come to.
    let senders: SenderDirectory
    private let logger: Logger
    private let open = Atomic<Int>(0)
    private let limiter = SharedLogRateLimiter(interval: refusalInterval)

    init(metrics: IngestMetrics, senders: SenderDirectory, tracer: Tracer = .off, logger: Logger) {
        self.metrics = metrics
        self.senders = senders
        self.tracer = tracer
        self.logger = logger
    }

    /// Streams and calls under way.
    var openCalls: Int { open.load(ordering: .relaxed) }

    /// A call has arrived; `end` must be called on what is returned.
    func begin(_ kind: Kind, _ headers: CallHeaders) -> CallRecord {
        open.wrappingAdd(1, ordering: .relaxed)
        let span = tracer.isOn ? tracer.begin(below: TraceContext(traceparent: headers.traceparent)) : nil
        return CallRecord(kind: kind, span: span, journal: self)
    }

    /// An HTTP request was refused as a whole, perhaps before its sender had said who it is.
    func noteRefusal(_ problem: EventsProblem, of sender: EventsSender?) {
        let now = WallClock.now()
        var change = sender.map { SenderChange($0.identity, at: now) } ?? .unidentified(at: now)
        change.refuse(SenderRefusal(problem, at: now))
        senders.note(change)
    }

    func ended(_ summary: CallSummary) {
        open.wrappingSubtract(1, ordering: .relaxed)
        let source = metrics.source(of: summary.sender?.identity)
        switch summary.kind {
        case .stream, .http: source.streamEnded(events: summary.events, failed: summary.failure != nil)
        case .unary:
            // Counted once the call has reached the spool's door, as in the service that this one replaces.
            if summary.sender != nil { source.unaryEnded(failed: summary.failure != nil) }
        }
        if let failure = summary.failure {
            let reason = Self.reason(of: failure)
            metrics.callRefused(reason)
            logRefusal(summary, reason, failure)
        } else if summary.kind != .unary || summary.seconds >= Double(Self.slowCall.components.seconds) {
            logSuccess(summary)
        }
    }

    private func logSuccess(_ summary: CallSummary) {
        // Probes open streams and send nothing.
        guard summary.sender != nil else { return }
        if summary.seconds >= Double(Self.slowCall.components.seconds) {
            logger.warning("slow request", metadata: summary.logMetadata)
        } else {
            logger.info("request done", metadata: summary.logMetadata)
        }
    }

    private func logRefusal(_ summary: CallSummary, _ reason: CallRefusal, _ failure: any Error) {
        // A client that goes away is its own business, and a shutdown is announced elsewhere.
        if reason == .cancelled || reason == .shuttingDown {
            logger.debug("request ended early", metadata: summary.logMetadata)
            return
        }
        let key = "\(reason.rawValue) \(summary.sender?.identity.client ?? "")"
        guard let suppressed = limiter.suppressed(key) else { return }
        var metadata = summary.logMetadata
        metadata["reason"] = "\(reason.rawValue)"
        metadata["error"] = "\((failure as? any RPCErrorConvertible)?.rpcErrorMessage ?? "\(failure)")"
        metadata["suppressed"] = "\(suppressed)"
        logger.warning("request refused", metadata: metadata)
    }

    static func reason(of failure: any Error) -> CallRefusal {
        (failure as? IngestFailure)?.reason ?? .cancelled
    }
}
