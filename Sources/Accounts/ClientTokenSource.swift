internal import Secrets
internal import Transfer

/// The gateway's own token for calls to the account service: OAuth 2.0 client credentials (RFC 6749, section 4.4).
final class ClientTokenSource: Sendable {
    /// What the token is asked for.
    static let scopes = "openid profile email"

    typealias Token = TokenSource<IntrospectionFailure>.Token

    private let source: TokenSource<IntrospectionFailure>

    init(
        url: AccountURL, credentials: ClientCredentials, limits: AccountsLimits, clock: AccountsClock,
        exchange: @escaping HTTPExchange
    ) {
        let endpoint = FormRequest(url: url, credentials: credentials, limits: limits, exchange: exchange)
        source = TokenSource(
            interval: limits.clientTokenInterval, monotonic: clock.monotonic, stopped: Self.stopping
        ) {
            do throws(IntrospectionFailure) {
                return .success(try await Self.fetch(endpoint, limits))
            } catch {
                return .failure(error)
            }
        }
    }

    /// A token that is valid as far as is known.
    func token() async throws(IntrospectionFailure) -> Token { try await source.token() }

    /// The account service does not accept the token.
    /// - Returns: false when it is so new that another one would fare no better.
    func discard(_ token: Token) -> Bool { source.discard(token) }

    func shutdown() async { await source.shutdown() }

    private static func fetch(
        _ endpoint: FormRequest, _ limits: AccountsLimits
    ) async throws(IntrospectionFailure) -> TokenSource<IntrospectionFailure>.Grant {
        let url = endpoint.url
        let response = try await endpoint.post(
            [("grant_type", "client_credentials"), ("scope", scopes)], timeout: limits.clientTokenTimeout)
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
        return .init(
            value: Secret(token),
            lifetime: Introspection.nanoseconds(seconds: min(claimed, limits.maximumClientTokenLifetime)))
    }

    private static let stopping = IntrospectionFailure(.shutDown, "the token check is shut down")
}
