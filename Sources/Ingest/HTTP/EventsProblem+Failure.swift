extension EventsProblem {
    /// The same failure that a gRPC client would be told, as HTTP says it.
    init(_ failure: IngestFailure) {
        self.init(
            status: Self.status(of: failure.reason), code: failure.reason.rawValue, detail: failure.message,
            retryAfterSeconds: failure.retryAfterSeconds)
    }

    private static func status(of reason: CallRefusal) -> Int {
        switch reason {
        case .malformed, .protocolViolation, .identityMissing: 400
        case .unauthenticated: 401
        case .licence, .permissionDenied: 403
        case .tooLarge: 413
        case .clientShare, .spoolFull: 429
        case .accountServiceUnavailable, .spoolUnavailable, .shuttingDown, .cancelled: 503
        }
    }
}
