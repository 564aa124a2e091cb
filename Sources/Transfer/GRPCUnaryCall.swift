/// A gRPC method with one message each way, called over `CurlTransfers`.
package struct GRPCUnaryCall: Sendable {
    /// What came of a call that brought an HTTP response.
    package enum Outcome: Sendable, Hashable {
        /// OK, with this message.
        case message(ArraySlice<UInt8>)
        /// The peer's status, which is not OK.
        case status(GRPCStatus)
        /// No gRPC status: the connection broke, or something else answered. The HTTP status.
        case notGRPC(httpStatus: Int)
        /// OK, and the body is not one message as it should be.
        case unreadable
    }

    private let url: String
    private let security: HTTPTransferRequest.Security
    private let maximumResponseBytes: Int

    /// - Parameters:
    ///   - url: of the method: base, service and method name.
    ///   - maximumResponseBytes: of the encoded response message.
    package init(url: String, security: HTTPTransferRequest.Security, maximumResponseBytes: Int) {
        self.url = url
        self.security = security
        self.maximumResponseBytes = maximumResponseBytes
    }

    /// The transfer for one call.
    ///
    /// - Parameters:
    ///   - framedMessage: the encoded request message behind its `GRPCFrame` header.
    ///   - headers: the call's metadata.
    ///   - deadline: for the whole call, connection included.
    package func request(
        framedMessage: [UInt8], headers: [HTTPTransferRequest.Header], deadline: Duration
    ) -> HTTPTransferRequest {
        let standard: [HTTPTransferRequest.Header] = [
            .init("content-type", "application/grpc"),
            .init("te", "trailers"),
            .init("grpc-timeout", "\(max(1, Int64(deadline / .milliseconds(1))))m"),
        ]
        return HTTPTransferRequest(
            url: url, security: security, headers: standard + headers, body: framedMessage, timeout: deadline,
            maximumResponseBytes: GRPCFrame.headerBytes + maximumResponseBytes)
    }

    /// Reads the response of a call.
    package static func outcome(of response: HTTPTransferResponse) -> Outcome {
        guard let status = GRPCStatus(response) else { return .notGRPC(httpStatus: response.status) }
        guard status.isOK else { return .status(status) }
        guard let message = GRPCFrame.onlyMessage(in: response.body) else { return .unreadable }
        return .message(message)
    }
}
