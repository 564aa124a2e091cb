internal import Runtime
internal import Secrets
internal import Transfer

/// The metadata server of a Google Cloud machine: tokens of the service account that the machine runs as.
struct MetadataServer: Sendable {
    static let standardHost = "metadata.google.internal"
    private static let path = "/computeMetadata/v1/instance/service-accounts/default/token"
    private static let timeout: Duration = .seconds(5)
    private static let responseBytes = 64 << 10
    private static let maximumLifetime: Int64 = 86_400
    // Google's servers say it too, so that whatever else answers on this name is noticed.
    private static let flavor = HTTPTransferRequest.Header("metadata-flavor", "Google")

    private let url: String
    private let exchange: HTTPExchange

    init(host: String, exchange: @escaping HTTPExchange) {
        url = "http://\(host)\(Self.path)"
        self.exchange = exchange
    }

    /// - Parameter now: nanoseconds since 1970.
    func token(now: Int64) async -> Result<TokenSource<DeliveryError>.Grant, DeliveryError> {
        let response: HTTPTransferResponse
        do throws(TransferError) {
            response = try await exchange(
                HTTPTransferRequest(
                    url: url, method: .get, security: .plaintextHTTP1, headers: [Self.flavor], timeout: Self.timeout,
                    maximumResponseBytes: Self.responseBytes))
        } catch {
            return .failure(explained(DeliveryErrorTable.error(error, at: "metadata server")))
        }
        guard response.headers[Self.flavor.name] == Self.flavor.value else {
            return .failure(
                explained(unusable("what answers at \(url) is no metadata server (HTTP \(response.status))")))
        }
        guard response.status == 200 else {
            var error = DeliveryErrorTable.error(response, isGRPC: false, at: url, now: now)
            // Whatever is wrong there, no event is to blame.
            error.scope = .destination
            return .failure(explained(error))
        }
        guard let fields = FlatJSON.values(response.body), let token = fields["access_token"], !token.isEmpty,
            token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            let seconds = fields["expires_in"].flatMap({ Int64($0) }), seconds > 0
        else {
            return .failure(explained(unusable("\(url): the response has no usable access_token and expires_in")))
        }
        return .success(
            .init(value: Secret(token), lifetime: min(seconds, Self.maximumLifetime) * 1_000_000_000))
    }

    private func unusable(_ message: String) -> DeliveryError {
        DeliveryError(code: .unauthenticated, scope: .destination, isRetriable: true, message: message)
    }

    private func explained(_ error: DeliveryError) -> DeliveryError {
        var error = error
        error.message =
            "no token: \(error.message); outside of Google Cloud set \(PubSubSettings.keyFileKey) to the file of a "
            + "service account's key"
        return error
    }
}
