internal import Transfer

extension IntrospectionFailure {
    /// Makes one request. A transfer that brings no complete response is a failure of the introspection.
    static func asking(
        _ exchange: HTTPExchange, _ request: HTTPTransferRequest
    ) async throws(IntrospectionFailure) -> HTTPTransferResponse {
        do throws(TransferError) {
            return try await exchange(request)
        } catch {
            throw IntrospectionFailure(error)
        }
    }
}
