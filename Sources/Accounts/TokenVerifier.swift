package import CoreMetrics
package import Logging
internal import Secrets
internal import Synchronization
package import Transfer

/// Decides whether a managed service may write events: its bearer token has to be active and to allow it, as the account
/// service says. Remembers answers for a short while, by digests; never a token.
package final class TokenVerifier: Sendable {
    private struct Verdict: Sendable {
        let result: Result<VerifiedToken, TokenProblem>
        var acceptance = TokenMetrics.Acceptance.verified
    }

    private let introspector: Introspector
    private let clientTokens: ClientTokenSource?
    private let limits: AccountsLimits
    private let clock: AccountsClock
    private let metrics: TokenMetrics
    private let log: TokenLog
    private let flights: SingleFlight<SecretDigest, Verdict>
    private let cache: Mutex<TokenCache>

    /// Nothing is asked yet.
    ///
    /// - Parameter exchange: one request to the account service; `CurlTransfers.execute` in production.
    package init(
        configuration: AccountsConfiguration, exchange: @escaping HTTPExchange, clock: AccountsClock = .system,
        limits: AccountsLimits = AccountsLimits(), logger: Logger,
        metrics: any MetricsFactory = MetricsSystem.factory
    ) {
        switch configuration.introspection {
        case .sams(let apiURL, let tokenURL):
            let clientTokens = ClientTokenSource(
                url: tokenURL, credentials: configuration.credentials, limits: limits, clock: clock, exchange: exchange)
            self.clientTokens = clientTokens
            introspector = .sams(
                SAMSIntrospector(
                    apiURL: apiURL, clientTokens: clientTokens, limits: limits, clock: clock, exchange: exchange))
        case .rfc7662(let url):
            clientTokens = nil
            introspector = .rfc7662(
                RFC7662Introspector(
                    url: url, credentials: configuration.credentials, limits: limits, exchange: exchange))
        }
        self.limits = limits
        self.clock = clock
        self.metrics = TokenMetrics(factory: metrics)
        log = TokenLog(logger: logger, monotonic: clock.monotonic)
        flights = SingleFlight(
            limits: .init(
                underWay: limits.introspections, waiting: limits.waitingIntrospections,
                maximumWait: limits.introspectionWait),
            monotonic: clock.monotonic)
        cache = Mutex(TokenCache(limits: limits, grace: configuration.graceNanoseconds))
    }

    /// `transfers` is shared and stays the caller's to shut down, after this.
    package convenience init(configuration: AccountsConfiguration, transfers: CurlTransfers, logger: Logger) {
        self.init(
            configuration: configuration,
            exchange: { request async throws(TransferError) in try await transfers.execute(request) },
            logger: logger)
    }

    /// Checks the token of one call. A task that is cancelled while it waits leaves at once with `.cancelled`.
    ///
    /// - Parameter authorization: all values of the call's Authorization header, none when there is no such header.
    package func verify(authorization: [String]) async throws(TokenProblem) -> VerifiedToken {
        let verdict = await verdict(on: authorization)
        switch verdict.result {
        case .success: metrics.accepted(verdict.acceptance)
        case .failure(let problem): metrics.refused(problem)
        }
        return try verdict.result.get()
    }

    /// Whoever waits is told that the token can not be verified; returns when nothing is under way any more.
    package func shutdown() async {
        // In this order: what the flights wait for has to go first.
        await clientTokens?.shutdown()
        await flights.shutdown()
    }

    /// Tokens remembered, valid and refused ones.
    var rememberedTokens: Int { cache.withLock { $0.count } }

    /// Calls that wait for an answer about this token.
    func waiters(for token: Secret) -> Int { flights.waiters(for: SecretDigest(of: token)) }

    private func verdict(on authorization: [String]) async -> Verdict {
        let token: Secret
        do throws(TokenProblem) {
            token = try BearerHeader.token(in: authorization)
        } catch {
            return Verdict(result: .failure(error))
        }
        // The account service can only say no to these. (The old service asked about the empty token all the same.)
        guard !token.value.isEmpty, token.value.utf8.count <= limits.tokenBytes else {
            return Verdict(result: .failure(.inactive))
        }
        let digest = SecretDigest(of: token)
        if let known = known(digest) { return known }
        switch await flights.value(for: digest, { await self.ask(about: token, digest) }) {
        case .value(let verdict): return verdict
        case .cancelled: return Verdict(result: .failure(.cancelled))
        case .overloaded:
            return fallBack(digest, IntrospectionFailure(.overloaded, "too many tokens are being asked about"))
        }
    }

    private func known(_ digest: SecretDigest) -> Verdict? {
        let moment = moment
        return switch cache.withLock({ $0.find(digest, at: moment) }) {
        case .verified(let token): Verdict(result: .success(token), acceptance: .cached)
        case .grace(let token): Verdict(result: .success(token), acceptance: .grace)
        case .refused(let problem): Verdict(result: .failure(problem))
        case .unknown: nil
        }
    }

    private func ask(about token: Secret, _ digest: SecretDigest) async -> Verdict {
        // Whoever looked into the cache just before the answer came in needs no second one.
        if let known = known(digest) { return known }
        let start = clock.monotonic()
        defer { metrics.asked(nanoseconds: clock.monotonic() - start) }
        do throws(IntrospectionFailure) {
            let answer = try await introspector.introspect(token)
            return try decide(on: answer, digest)
        } catch {
            return fallBack(digest, error)
        }
    }

    private func decide(on answer: Introspection, _ digest: SecretDigest) throws(IntrospectionFailure) -> Verdict {
        guard answer.clientID.utf8.count <= limits.clientIDBytes else {
            throw IntrospectionFailure(
                .protocolViolation, "the client id of a token is longer than \(limits.clientIDBytes) bytes")
        }
        guard answer.isActive else { return refuse(digest, .inactive, answer) }
        guard answer.scopes.contains(where: { Scope($0)?.grants(.writeEvents) == true }) else {
            return refuse(digest, .scopeMissing, answer)
        }
        let token = VerifiedToken(
            clientID: answer.clientID, scopes: Array(answer.scopes.prefix(limits.rememberedScopes)),
            digestPrefix: digest.prefix)
        let moment = moment
        cache.withLock { $0.verify(digest, token, expiresAt: answer.expiresAt, at: moment) }
        return Verdict(result: .success(token))
    }

    private func refuse(_ digest: SecretDigest, _ problem: TokenProblem, _ answer: Introspection) -> Verdict {
        let moment = moment
        cache.withLock { $0.refuse(digest, problem, at: moment) }
        log.refused(problem, token: digest, clientID: answer.clientID)
        return Verdict(result: .failure(problem))
    }

    private func fallBack(_ digest: SecretDigest, _ failure: IntrospectionFailure) -> Verdict {
        let moment = moment
        let token = cache.withLock { $0.fallBack(digest, at: moment) }
        log.failed(failure, token: digest, inGrace: token != nil)
        guard let token else { return Verdict(result: .failure(.unverifiable)) }
        return Verdict(result: .success(token), acceptance: .grace)
    }

    private var moment: TokenCache.Moment {
        TokenCache.Moment(wall: clock.wall(), monotonic: clock.monotonic())
    }
}
