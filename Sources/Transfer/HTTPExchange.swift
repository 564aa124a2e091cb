/// One HTTP request and what came back. In production `CurlTransfers.execute`.
package typealias HTTPExchange =
    @Sendable (HTTPTransferRequest) async throws(TransferError) -> HTTPTransferResponse
