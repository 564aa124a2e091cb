package import Transfer

/// Gives the bearer token for Google's Pub/Sub.
package protocol PubSubCredentials: Sendable {
    /// A token that is valid as far as is known.
    func token() async throws(DeliveryError) -> TokenSource<DeliveryError>.Token

    /// Google does not accept the token.
    /// - Returns: false when it is so new that another one would fare no better.
    func discard(_ token: TokenSource<DeliveryError>.Token) -> Bool

    /// Fetches nothing any more.
    func shutdown() async
}
