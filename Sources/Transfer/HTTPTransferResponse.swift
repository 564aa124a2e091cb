/// What came back for an `HTTPTransferRequest`: any complete HTTP response, whatever its status.
package struct HTTPTransferResponse: Sendable {
    /// HTTP status.
    package let status: Int
    /// Headers and trailers of the last response, names in lower case; of a repeated name the last value.
    package let headers: [String: String]
    /// The body, at most the request's `maximumResponseBytes`.
    package let body: [UInt8]
    /// From submission to completion.
    package let duration: Duration
    /// New connections that this transfer had to open.
    package let newConnections: Int

    /// Wait that the peer asked for in `Retry-After` (seconds; a date in it is ignored).
    package var retryAfter: Duration? {
        guard let text = headers["retry-after"], let seconds = Int64(text), seconds >= 0 else { return nil }
        return .seconds(min(seconds, TransferLimits.retryAfterSeconds))
    }

    /// Makes a response.
    package init(
        status: Int, headers: [String: String], body: [UInt8], duration: Duration = .zero, newConnections: Int = 0
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.duration = duration
        self.newConnections = newConnections
    }
}
