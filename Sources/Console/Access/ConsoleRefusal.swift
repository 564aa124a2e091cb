internal import Runtime

/// Why a request is not answered with what it asks for.
struct ConsoleRefusal: Error, Sendable, Hashable {
    let status: Int
    let code: String
    let detail: String
    var retryAfterSeconds: Int?

    /// The answer.
    var response: OperationsResponse {
        .problem(
            status: status, code: code, detail: detail,
            headers: retryAfterSeconds.map { ["Retry-After": String($0)] } ?? [:])
    }

    static let noSecret = ConsoleRefusal(
        status: 403, code: "console_off",
        detail: "the console is off: set DIAGNOSTICS_SECRET for telemetry-forwarder and start it again")
    static let signIn = ConsoleRefusal(
        status: 401, code: "sign_in", detail: "sign in with the diagnostics secret, or send it as a bearer token")
    static let wrongSecret = ConsoleRefusal(
        status: 401, code: "wrong_secret",
        detail: "this is not the secret: it is what DIAGNOSTICS_SECRET is set to for telemetry-forwarder")
    static let wrongToken = ConsoleRefusal(
        status: 403, code: "wrong_token",
        detail:
            "this is not the admin token: it is what GATEWAY_ADMIN_TOKEN or the file of GATEWAY_ADMIN_TOKEN_FILE has")
    static let actingIsOff = ConsoleRefusal(
        status: 403, code: "acting_off",
        detail: "acting is off: set GATEWAY_ADMIN_TOKEN_FILE for telemetry-forwarder, or use gatewayctl on its host")
    static let mayNotAct = ConsoleRefusal(
        status: 403, code: "may_not_act", detail: "give your name and the admin token first")
    static let otherSite = ConsoleRefusal(
        status: 403, code: "other_site",
        detail: "the request does not come from this console's own page: its Origin must name this host")
    static let noProof = ConsoleRefusal(
        status: 403, code: "no_proof", detail: "the request does not carry its session's proof: load the page again")
    static let busy = ConsoleRefusal(
        status: 503, code: "busy", detail: "too much is being read for the console: try again", retryAfterSeconds: 1)

    static func tooManyAttempts(_ seconds: Int) -> ConsoleRefusal {
        ConsoleRefusal(
            status: 429, code: "too_many_attempts", detail: "too many wrong secrets: try again in \(seconds) s",
            retryAfterSeconds: seconds)
    }

    static func invalid(_ detail: String) -> ConsoleRefusal {
        ConsoleRefusal(status: 400, code: "invalid", detail: detail)
    }
}
