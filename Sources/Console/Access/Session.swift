internal import Secrets

/// One browser that is signed in.
struct Session: Sendable {
    /// Must come back in a header with everything that changes something.
    let proof: String
    /// When it began, in nanoseconds of a clock that does not go back.
    let openedAt: Int64
    /// The last request.
    var seenAt: Int64
    /// Who may act, since when, and with which token; nil for a session that only reads.
    var actor: Actor?

    /// Somebody who has given the admin token.
    struct Actor: Sendable {
        /// The name that acts are recorded under.
        let name: String
        let token: SecretDigest
        let since: Int64
    }
}
