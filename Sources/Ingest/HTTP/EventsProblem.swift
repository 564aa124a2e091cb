internal import Runtime

/// Why a request with events is refused as a whole; nothing of it is recorded.
struct EventsProblem: Error, Sendable, Hashable {
    /// The HTTP status code.
    var status: Int
    /// What it is, stable, in snake case.
    var code: String
    /// What is wrong and what to do.
    var detail: String
    /// How long the sender should wait, in seconds; nil where waiting does not help.
    var retryAfterSeconds: Int?

    init(status: Int, code: String, detail: String, retryAfterSeconds: Int? = nil) {
        self.status = status
        self.code = code
        self.detail = detail
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// The answer, as in RFC 9457.
    var response: OperationsResponse {
        var headers: [String: String] = [:]
        if status == 401 { headers["WWW-Authenticate"] = "Bearer realm=\"telemetry gateway\"" }
        if let retryAfterSeconds { headers["Retry-After"] = String(retryAfterSeconds) }
        return .problem(status: status, code: code, detail: detail, headers: headers)
    }
}
