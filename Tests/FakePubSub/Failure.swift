/// What the fake does instead of taking a request and saying so.
package enum Failure: String, Codable, Sendable, CaseIterable {
    /// `UNAVAILABLE`; nothing is taken.
    case unavailable
    /// `RESOURCE_EXHAUSTED` with a `google.rpc.RetryInfo`; nothing is taken.
    case resourceExhausted = "resource-exhausted"
    /// `NOT_FOUND`: the topic; nothing is taken.
    case notFound = "not-found"
    /// `PERMISSION_DENIED`; nothing is taken.
    case permissionDenied = "permission-denied"
    /// `UNAUTHENTICATED`; nothing is taken.
    case unauthenticated
    /// HTTP 503 without a gRPC status, as a proxy gives it; nothing is taken.
    case proxyError = "proxy-error"
    /// The request is read and never answered, until the fake is healed; nothing is taken.
    case hang
    /// The stream is reset while the request is still being sent; nothing is taken.
    case resetRequest = "reset-request"
    /// Everything is taken, and the stream is reset in the middle of the response.
    case resetResponse = "reset-response"
    /// The TCP connection is closed while the request is still being sent; nothing is taken.
    case disconnect
    /// GOAWAY that disowns every stream, then the connection is closed; nothing is taken.
    case goAway = "go-away"
    /// Everything is taken, and the response comes a byte at a time.
    case slowDrip = "slow-drip"
    /// Everything is taken, and the response has one message id too few.
    case wrongCount = "wrong-count"
    /// The first half is taken, then `UNAVAILABLE`.
    case partialCommit = "partial-commit"
    /// Everything is taken, then `UNAVAILABLE`: the answer is lost.
    case lostAnswer = "lost-answer"

    /// Whether a request that fails so may have left messages behind, which then come twice.
    package var mayRepeat: Bool {
        switch self {
        case .resetResponse, .wrongCount, .partialCommit, .lostAnswer: true
        default: false
        }
    }
}
