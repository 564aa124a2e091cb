internal import Logging
internal import NIOCore
internal import Runtime

/// Tells the observer about every refusal, and the log about as many as a log can bear.
final class ListenerReport: Sendable {
    let observer: ListenerObserver
    private let logger: Logger
    private let limiter = SharedLogRateLimiter()

    init(observer: ListenerObserver, logger: Logger) {
        self.observer = observer
        self.logger = logger
    }

    func refused(_ reason: ListenerRefusal, by channel: any Channel, error: (any Error)? = nil) {
        observer.refused(reason)
        guard let suppressed = limiter.suppressed(reason.rawValue) else { return }
        var metadata: Logger.Metadata = [
            "reason": "\(reason.rawValue)", "peer": "\(channel.remoteAddress?.description ?? "unknown")",
            "suppressed": "\(suppressed)",
        ]
        if let error { metadata["error"] = "\(error)" }
        logger.log(
            level: Self.level(of: reason), "connection or request refused by the listener", metadata: metadata)
    }

    /// Accepting a connection failed for a reason that lies with this machine, such as no free descriptor.
    func acceptFailed(_ error: any Error) {
        guard let suppressed = limiter.suppressed("accept") else { return }
        logger.error(
            "a connection could not be accepted; check the limit of open files",
            metadata: ["error": "\(error)", "suppressed": "\(suppressed)"])
    }

    func certificateReloaded(files: [String]) {
        observer.certificateReloaded(true)
        logger.info("certificate files are read again and in use", metadata: ["files": "\(files)"])
    }

    func certificateNotReloaded(_ failure: RuntimeFailure) {
        observer.certificateReloaded(false)
        logger.error(
            "certificate files changed but can not be used; the old certificate stays",
            metadata: ["error": "\(failure)"])
    }

    /// Anybody on the network can cause the ones at debug level, and nobody has to act on them.
    private static func level(of reason: ListenerRefusal) -> Logger.Level {
        switch reason {
        case .connectionLimit, .httpUnavailable, .proxiedStreamLimit: .warning
        case .tlsFailed, .tlsOnPlaintext, .notNegotiated, .slowSender, .handshakeDeadline: .info
        case .firstBytesDeadline, .notHTTP, .idle, .malformedRequest: .debug
        }
    }
}
