internal import Secrets
internal import Synchronization
internal import Transfer

/// The gateway's own token for calls to the account service: OAuth 2.0 client credentials (RFC 6749, section 4.4). Kept
/// until 80 % of its life are over; fetched once, however many need it.
final class ClientTokenSource: Sendable {
    /// What the token is asked for.
    static let scopes = "openid profile email"
    /// The part of a token's life after which a new one is fetched.
    static let refreshAfter = 0.8

    struct Token: Sendable {
        let value: Secret
        /// Tells tokens apart.
        let number: UInt64
    }

    private struct Held {
        let token: Token
        let fetchedAt: Int64
        let refreshAt: Int64
        let expiresAt: Int64
    }

    private struct State {
        var held: Held?
        var lastNumber: UInt64 = 0
        var failure: (error: IntrospectionFailure, until: Int64)?
    }

    private let endpoint: FormRequest
    private let limits: AccountsLimits
    private let clock: AccountsClock
    private let flight: SingleFlight<Bool, Result<Token, IntrospectionFailure>>
    private let state = Mutex(State())

    init(
        url: AccountURL, credentials: ClientCredentials, limits: AccountsLimits, clock: AccountsClock,
        exchange: @escaping AccountExchange
    ) {
        endpoint = FormRequest(url: url, credentials: credentials, limits: limits, exchange: exchange)
        self.limits = limits
        self.clock = clock
        flight = SingleFlight(
            limits: .init(underWay: 1, waiting: 0, maximumWait: 0), monotonic: clock.monotonic)
    }

    /// A token that is valid as far as is known.
    func token() async throws(IntrospectionFailure) -> Token {
        if let known = known() { return try known.get() }
        switch await flight.value(for: true, { await self.refreshed() }) {
        case .value(let result): return try result.get()
        case .cancelled, .overloaded: throw Self.stopping
        }
    }

    /// The account service does not accept the token.
    /// - Returns: false when it is so new that another one would fare no better.
    func discard(_ token: Token) -> Bool {
        let now = clock.monotonic()
        return state.withLock { state in
            // Somebody else was told the same, and the next token is there already.
            guard let held = state.held, held.token.number == token.number else { return true }
            guard now - held.fetchedAt >= limits.clientTokenInterval else { return false }
            state.held = nil
            return true
        }
    }

    func shutdown() async {
        await flight.shutdown()
    }

    /// A token or failure that needs no fetching.
    private func known() -> Result<Token, IntrospectionFailure>? {
        let now = clock.monotonic()
        return state.withLock { state in
            if let held = state.held, now < held.refreshAt { return .success(held.token) }
            guard let failure = state.failure, now < failure.until else { return nil }
            return Self.fallBack(to: state.held, failure.error, now: now)
        }
    }

    private func refreshed() async -> Result<Token, IntrospectionFailure> {
        // Whoever saw the old token just before it was replaced needs no second one.
        if let known = known() { return known }
        do throws(IntrospectionFailure) {
            let (value, lifetime) = try await fetch()
            let now = clock.monotonic()
            return state.withLock { state in
                state.lastNumber += 1
                let token = Token(value: value, number: state.lastNumber)
                state.held = Held(
                    token: token, fetchedAt: now,
                    refreshAt: now + Introspection.nanoseconds(seconds: lifetime * Self.refreshAfter),
                    expiresAt: now + Introspection.nanoseconds(seconds: lifetime))
                state.failure = nil
                return .success(token)
            }
        } catch {
            let now = clock.monotonic()
            return state.withLock { state in
                state.failure = (error, now + limits.clientTokenInterval)
                return Self.fallBack(to: state.held, error, now: now)
            }
        }
    }

    /// The old token is good until its end, when there is no new one.
    private static func fallBack(
        to held: Held?, _ error: IntrospectionFailure, now: Int64
    ) -> Result<Token, IntrospectionFailure> {
        if let held, now < held.expiresAt { return .success(held.token) }
        return .failure(error)
    }

    private func fetch() async throws(IntrospectionFailure) -> (value: Secret, lifetime: Double) {
        let url = endpoint.url
        let response = try await endpoint.post(
            [("grant_type", "client_credentials"), ("scope", Self.scopes)], timeout: limits.clientTokenTimeout)
        guard response.status == 200 else {
            // 400 with "invalid_client" or "invalid_grant" is what some say in place of 401.
            let refusals = [400, 401, 403]
            throw IntrospectionFailure(
                refusals.contains(response.status) ? .clientRefused : .status,
                "\(url): HTTP \(response.status) to the request for the gateway's own token")
        }
        guard let answer = AccountJSON(response.body), let token = answer.string("access_token"),
            !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else {
            throw IntrospectionFailure(.protocolViolation, "\(url): the response has no usable access_token")
        }
        let claimed = answer.number("expires_in").flatMap { $0 > 0 ? $0 : nil } ?? limits.assumedClientTokenLifetime
        return (Secret(token), min(claimed, limits.maximumClientTokenLifetime))
    }

    private static let stopping = IntrospectionFailure(.shutDown, "the token check is shut down")
}
