package import Transfer

/// One HTTP request to the account service. In production `CurlTransfers.execute`.
package typealias AccountExchange =
    @Sendable (HTTPTransferRequest) async throws(TransferError) -> HTTPTransferResponse

extension IntrospectionFailure {
    /// Makes one request. A transfer that brings no complete response is a failure of the introspection.
    static func asking(
        _ exchange: AccountExchange, _ request: HTTPTransferRequest
    ) async throws(IntrospectionFailure) -> HTTPTransferResponse {
        do throws(TransferError) {
            return try await exchange(request)
        } catch {
            throw IntrospectionFailure(error)
        }
    }
}
