internal import Logging
internal import Runtime
internal import Secrets
internal import Synchronization
internal import Transfer

/// Sends error reports as envelopes and minds what the receiver says about limits.
final class SentrySending: Sendable {
    private let endpoint: PeerURL
    private let authorization: HTTPTransferRequest.Header
    private let origin: SentryEnvelope.Origin
    private let exchange: HTTPExchange
    private let log: ReceiverLog
    /// Until when nothing is sent, in monotonic nanoseconds.
    private let silentUntil = Mutex<Int64>(.min)

    private static let timeout = Duration.seconds(10)

    init(_ settings: ErrorSettings, process: String, exchange: @escaping HTTPExchange, logger: Logger) {
        endpoint = settings.dsn.endpoint
        authorization = HTTPTransferRequest.Header(
            "X-Sentry-Auth",
            "Sentry sentry_version=7, sentry_client=telemetry-gateway/\(GatewayVersion.current), "
                + "sentry_key=\(settings.dsn.key.value)")
        origin = SentryEnvelope.Origin(
            process: process, release: "telemetry-gateway@\(GatewayVersion.current)", environment: settings.environment,
            host: HostName.current)
        self.exchange = exchange
        log = ReceiverLog(receiver: endpoint.authority, what: "an error event", logger: logger)
    }

    func send(_ reports: [ErrorReport]) async -> OutboxResult {
        // One at a time: a receiver refuses an envelope as a whole.
        guard let report = reports.first else { return .taken(refused: 0) }
        guard silentUntil.withLock({ $0 <= WallClock.monotonic() }) else { return .limited }
        let envelope = SentryEnvelope(
            report, origin: origin, identifier: Self.identifier(), now: WallClock.now())
        let request = HTTPTransferRequest(
            url: endpoint.text, security: endpoint.security,
            headers: [HTTPTransferRequest.Header("Content-Type", "application/x-sentry-envelope"), authorization],
            body: envelope.bytes, timeout: Self.timeout)
        do throws(TransferError) {
            return result(of: try await exchange(request))
        } catch {
            log.note("\(error)")
            return .later(nil)
        }
    }

    private func result(of response: HTTPTransferResponse) -> OutboxResult {
        if let pause = SentryRateLimits.pause(response, now: WallClock.now()) {
            let until = WallClock.monotonic() &+ Int64(pause / .nanoseconds(1))
            silentUntil.withLock { $0 = max($0, until) }
        }
        switch response.status {
        case 200..<300: return .taken(refused: 0)
        case 429:
            log.note("HTTP 429: it wants no more for a while")
            return .limited
        case 500...:
            log.note("HTTP \(response.status)")
            return .later(response.retryAfter(now: WallClock.now()))
        default:
            log.note("HTTP \(response.status): check SENTRY_DSN")
            return .refused
        }
    }

    private static func identifier() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
    }
}
