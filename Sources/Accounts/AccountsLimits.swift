/// Every limit of the token check. Tests make their own.
package struct AccountsLimits: Sendable {
    /// An answer of the account service about a valid token counts for this long, in nanoseconds, and never past the
    /// token's end.
    package var answerLifetime: Int64 = 30_000_000_000
    /// A refused token is refused without asking for this long, in nanoseconds.
    package var refusalLifetime: Int64 = 5_000_000_000
    /// After a failed attempt, a token in its grace period is not asked about for this long, in nanoseconds: its streams
    /// would all wait for the timeout otherwise.
    package var askAgainInterval: Int64 = 2_000_000_000
    /// Valid tokens remembered: more than there are managed services.
    package var rememberedTokens = 4096
    /// Refused tokens remembered. Apart from the valid ones, so that a flood of bad tokens drives none out.
    package var rememberedRefusals = 1024
    /// For everything that asking about one token takes, in nanoseconds, the gateway's own token included.
    package var introspectionTimeout: Int64 = 10_000_000_000
    /// For fetching the gateway's own token, in nanoseconds.
    package var clientTokenTimeout: Int64 = 4_000_000_000
    /// After a failed attempt, and after a fresh token was refused, the gateway's own token is not fetched for this long,
    /// in nanoseconds.
    package var clientTokenInterval: Int64 = 1_000_000_000
    /// What the gateway's own token is believed to live, in seconds, where the account service does not say.
    package var assumedClientTokenLifetime: Double = 300
    /// What an account service may claim that it lives, in seconds.
    package var maximumClientTokenLifetime: Double = 86_400
    /// Tokens that are asked about at the same time.
    package var introspections = 32
    /// Tokens that wait for their turn to be asked about; more can not be verified.
    package var waitingIntrospections = 512
    /// Longest wait for the turn, in nanoseconds; then the token can not be verified.
    package var introspectionWait: Int64 = 5_000_000_000
    /// Longest answer of the account service, in bytes.
    package var responseBytes = 64 << 10
    /// Longest token that is looked at, in bytes; longer ones are not active.
    package var tokenBytes = 8 << 10
    /// Longest client id that is believed, in bytes.
    package var clientIDBytes = 255
    /// Scopes kept of one token; all are looked at.
    package var rememberedScopes = 32

    /// The limits in production.
    package init() {}
}
