package import Transfer

/// One HTTP request to the account service. In production `CurlTransfers.execute`.
package typealias AccountExchange =
    @Sendable (HTTPTransferRequest) async throws(TransferError) -> HTTPTransferResponse
