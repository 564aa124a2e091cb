internal import Transfer

/// Asks an endpoint as RFC 7662 describes it, with the gateway's id and secret.
struct RFC7662Introspector: Sendable {
    private let url: AccountURL
    private let authorization: Secret
    private let limits: AccountsLimits
    private let exchange: AccountExchange

    init(
        url: AccountURL, credentials: ClientCredentials, limits: AccountsLimits, exchange: @escaping AccountExchange
    ) {
        self.url = url
        authorization = Secret(credentials.basicAuthorization)
        self.limits = limits
        self.exchange = exchange
    }

    func introspect(_ token: Secret) async throws(IntrospectionFailure) -> Introspection {
        let request = HTTPTransferRequest(
            url: url.text, security: url.security,
            headers: [
                .init("authorization", authorization.value), .init("content-type", FormEncoding.contentType),
                .init("accept", "application/json"),
            ],
            body: FormEncoding.body([("token", token.value), ("token_type_hint", "access_token")]),
            timeout: .nanoseconds(limits.introspectionTimeout), maximumResponseBytes: limits.responseBytes)
        let response: HTTPTransferResponse
        do throws(TransferError) {
            response = try await exchange(request)
        } catch {
            throw IntrospectionFailure(error)
        }
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
