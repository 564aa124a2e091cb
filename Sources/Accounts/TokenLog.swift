internal import Logging
internal import Runtime
internal import Secrets

/// What the token check does, as log lines; the same thing is logged once in a while and counted meanwhile. A token is
/// there by its digest's first digits only.
final class TokenLog: Sendable {
    /// The same kind of event is logged once in this time.
    static let interval = Duration.seconds(10)

    private let logger: Logger
    private let limiter: SharedLogRateLimiter

    init(logger: Logger, monotonic: @escaping @Sendable () -> Int64) {
        self.logger = logger
        limiter = SharedLogRateLimiter(interval: Self.interval, monotonic: monotonic)
    }

    /// The account service was asked and does not vouch for the token.
    func refused(_ problem: TokenProblem, token: SecretDigest, clientID: String) {
        guard let suppressed = limiter.suppressed(problem.reason) else { return }
        logger.warning(
            "token refused",
            metadata: [
                "reason": "\(problem.reason)", "token": "\(token)", "client_id": "\(clientID)",
                "suppressed": "\(suppressed)",
            ])
    }

    /// The account service could not be asked.
    func failed(_ failure: IntrospectionFailure, token: SecretDigest, inGrace: Bool) {
        guard let suppressed = limiter.suppressed(failure.code.rawValue) else { return }
        logger.error(
            inGrace
                ? "the account service can not be asked; the token was valid a short while ago and is accepted"
                : "the account service can not be asked; the token is not accepted",
            metadata: [
                "error": "\(failure)", "token": "\(token)", "suppressed": "\(suppressed)",
            ])
    }
}
