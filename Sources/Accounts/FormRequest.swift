internal import Secrets
internal import Transfer

/// Asks an OAuth 2.0 endpoint: a form in, JSON out, with the gateway's id and secret (RFC 6749, section 2.3.1).
struct FormRequest: Sendable {
    let url: AccountURL
    private let authorization: Secret
    private let maximumResponseBytes: Int
    private let exchange: HTTPExchange

    init(
        url: AccountURL, credentials: ClientCredentials, limits: AccountsLimits, exchange: @escaping HTTPExchange
    ) {
        self.url = url
        authorization = Secret(credentials.basicAuthorization)
        maximumResponseBytes = limits.responseBytes
        self.exchange = exchange
    }

    /// Posts the form.
    /// - Parameter timeout: nanoseconds.
    /// - Returns: whatever the endpoint answers.
    func post(
        _ fields: [(name: String, value: String)], timeout: Int64
    ) async throws(IntrospectionFailure) -> HTTPTransferResponse {
        try await IntrospectionFailure.asking(
            exchange,
            HTTPTransferRequest(
                url: url.text, security: url.security,
                headers: [
                    .init("authorization", authorization.value), .init("content-type", FormEncoding.contentType),
                    .init("accept", "application/json"),
                ],
                body: FormEncoding.body(fields), timeout: .nanoseconds(timeout),
                maximumResponseBytes: maximumResponseBytes))
    }
}
