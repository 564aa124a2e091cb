internal import Runtime

/// What can be set about `https` destinations.
package struct WebhookSettings: Sendable {
    /// The key that names the file of the secret that requests are signed with.
    package static let secretFileKey = "GATEWAY_WEBHOOK_SECRET_FILE"
    /// The key that names the file of the bearer token.
    package static let tokenFileKey = "GATEWAY_WEBHOOK_TOKEN_FILE"

    /// File of the secret that requests are signed with; nil for no signature.
    package var secretFile: String?
    /// File of the bearer token; nil for none.
    package var tokenFile: String?
    /// How bodies are compressed.
    package var compression = Compression.none
    /// What one request may hold.
    package var requests = RequestLimits(
        maximumMessages: WebhookLimits.messages, maximumBytes: WebhookLimits.requestBytes,
        maximumMessageBytes: WebhookLimits.messageBytes, maximumInFlight: WebhookLimits.inFlight)
    /// Time for one request, connection included.
    package var deadline = WebhookLimits.deadline
    /// Nanoseconds since 1970: what is signed, and what peers say about time.
    package var wallClock: @Sendable () -> Int64 = { WallClock.now() }

    /// The standard settings.
    package init() {}
}
