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

    /// Wait that the peer asked for in `Retry-After`, as seconds or as a date; at most
    /// ``TransferLimits/retryAfterSeconds``.
    ///
    /// - Parameter now: nanoseconds since 1970. The peer's own `Date`, where there is one, counts in its place: its clock
    ///   may differ from ours.
    package func retryAfter(now: Int64) -> Duration? {
        guard let text = headers["retry-after"] else { return nil }
        let seconds: Int64
        if let number = Int64(text) {
            guard number >= 0 else { return nil }
            seconds = number
        } else {
            guard let until = HTTPDate.seconds(text) else { return nil }
            let reference = headers["date"].flatMap(HTTPDate.seconds) ?? now / 1_000_000_000
            seconds = max(0, until - reference)
        }
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
