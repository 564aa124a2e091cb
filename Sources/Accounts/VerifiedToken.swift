/// A token that the account service has vouched for, and that allows to write events.
package struct VerifiedToken: Sendable, Hashable {
    /// Whom the token was given to, as the account service says; at most `AccountsLimits.clientIDBytes` long.
    package let clientID: String
    /// The token's scopes as the account service gives them, the first `AccountsLimits.rememberedScopes` of them.
    package let scopes: [String]
    /// Stands for the token in logs.
    package let digestPrefix: String
}
