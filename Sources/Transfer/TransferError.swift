/// A transfer that brought no complete HTTP response.
package struct TransferError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Why.
    package enum Reason: Sendable, Hashable {
        /// libcurl gave up; `curlCode` says why.
        case curl
        /// The response body exceeded the request's limit.
        case responseTooLarge
        /// Too many transfers at once in this process.
        case tooManyTransfers
        /// The task was cancelled.
        case cancelled
        /// `CurlTransfers` is shut down.
        case shutDown
        /// libcurl or the thread for it can not be had; only at the start.
        case startup
    }

    /// Why.
    package let reason: Reason
    /// libcurl's result (`CURLcode`), 0 where libcurl was not involved.
    package let curlCode: Int32
    /// libcurl's own words with the URL, or ours.
    package let message: String

    /// Makes an error.
    package init(reason: Reason, curlCode: Int32 = 0, message: String) {
        self.reason = reason
        self.curlCode = curlCode
        self.message = message
    }

    /// One line for logs.
    package var description: String {
        reason == .curl ? "transfer failed (curl \(curlCode)): \(message)" : "transfer failed: \(message)"
    }
}
