internal import Secrets
internal import Transfer

/// Asks an endpoint as RFC 7662 describes it, with the gateway's id and secret.
struct RFC7662Introspector: Sendable {
    private let endpoint: FormRequest
    private let limits: AccountsLimits

    init(
        url: AccountURL, credentials: ClientCredentials, limits: AccountsLimits, exchange: @escaping HTTPExchange
    ) {
        endpoint = FormRequest(url: url, credentials: credentials, limits: limits, exchange: exchange)
        self.limits = limits
    }

    func introspect(_ token: Secret) async throws(IntrospectionFailure) -> Introspection {
        let url = endpoint.url
        let response = try await endpoint.post(
            [("token", token.value), ("token_type_hint", "access_token")], timeout: limits.introspectionTimeout)
        guard response.status == 200 else {
            throw IntrospectionFailure(
                response.status == 401 ? .clientRefused : .status, "\(url): HTTP \(response.status)")
        }
        guard let answer = AccountJSON(response.body), let isActive = answer.boolean("active") else {
            throw IntrospectionFailure(.protocolViolation, "\(url): the response is no JSON object with \"active\"")
        }
        return Introspection(
            isActive: isActive,
            scopes: (answer.string("scope") ?? "").split(separator: " ").map { String($0) },
            clientID: answer.string("client_id") ?? "",
            expiresAt: answer.number("exp").map { Introspection.nanoseconds(seconds: $0) })
    }
}
