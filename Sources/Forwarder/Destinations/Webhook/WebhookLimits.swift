/// How much a receiver is given at once, and how long it has.
package enum WebhookLimits {
    /// Lines in one request.
    package static let messages = 1000
    /// Lines of one request, in bytes: what common proxies take without being told.
    package static let requestBytes = 1_000_000
    /// The longest line, in bytes: an event is below 10 MB, and its attributes may be written longer than they are.
    package static let messageBytes = 16_000_000
    /// Requests under way at the same time.
    package static let inFlight = 4
    /// Time for one request, connection included.
    package static let deadline: Duration = .seconds(60)
    /// Response body that is taken off the connection, in bytes; nobody reads it.
    package static let responseBytes = 64 << 10
    /// Longest file of a secret or token, in bytes.
    package static let secretFileBytes = 16 << 10
}
