internal import Logging
internal import Runtime

/// Says in the log that a receiver does not take what it is sent: a warning once in a while, never an error, which would be
/// told to that very receiver.
struct ReceiverLog: Sendable {
    let receiver: String
    let what: String
    let logger: Logger
    private let limiter = SharedLogRateLimiter(interval: .seconds(60))

    init(receiver: String, what: String, logger: Logger) {
        self.receiver = receiver
        self.what = what
        self.logger = logger
    }

    func note(_ problem: String) {
        guard let suppressed = limiter.suppressed("") else { return }
        logger.warning(
            "\(what) was not taken; events are not concerned",
            metadata: ["receiver": "\(receiver)", "problem": "\(problem)", "suppressed": "\(suppressed)"])
    }
}
