/// Why a token is not accepted. Codes and texts are those of the service that this one replaces (reference 1.5), where
/// it has any.
package enum TokenProblem: Error, Sendable, Hashable {
    /// The request has no Authorization header, an empty one, or several.
    case headerMissing
    /// The header has no space: no token type.
    case typeMissing
    /// The header's token type is not "bearer".
    case typeInvalid(String)
    /// The account service could not be asked, and the token is not known from before.
    case unverifiable
    /// The call was cancelled before the account service had answered.
    case cancelled
    /// The token is not active.
    case inactive
    /// The token is active and its scopes do not allow to write events.
    case scopeMissing
}
