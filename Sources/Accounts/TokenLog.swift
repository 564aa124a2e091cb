internal import Logging
internal import Runtime
internal import Synchronization

/// What the token check does, as log lines; the same thing is logged once in a while and counted meanwhile. A token is
/// there by its digest's first digits only.
final class TokenLog: Sendable {
    /// The same kind of event is logged once in this time.
    static let interval = Duration.seconds(10)

    private let logger: Logger
    private let monotonic: @Sendable () -> Int64
    private let limiter = Mutex(LogRateLimiter(interval: interval))

    init(logger: Logger, monotonic: @escaping @Sendable () -> Int64) {
        self.logger = logger
        self.monotonic = monotonic
    }

    /// The account service was asked and does not vouch for the token.
    func refused(_ problem: TokenProblem, token: TokenDigest, clientID: String) {
        guard let suppressed = suppressed(problem.reason) else { return }
        logger.warning(
            "token refused",
            metadata: [
                "reason": "\(problem.reason)", "token": "\(token)", "client_id": "\(clientID)",
                "suppressed": "\(suppressed)",
            ])
    }

    /// The account service could not be asked.
    func failed(_ failure: IntrospectionFailure, token: TokenDigest, inGrace: Bool) {
        guard let suppressed = suppressed(failure.code.rawValue) else { return }
        logger.error(
            inGrace
                ? "the account service can not be asked; the token was valid a short while ago and is accepted"
                : "the account service can not be asked; the token is not accepted",
            metadata: [
                "error": "\(failure)", "token": "\(token)", "suppressed": "\(suppressed)",
            ])
    }

    private func suppressed(_ key: String) -> Int? {
        guard case .emit(let suppressed) = limiter.withLock({ $0.decide(key: key, now: monotonic()) }) else {
            return nil
        }
        return suppressed
    }
}
