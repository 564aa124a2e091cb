/// Why a token is not accepted. Codes and texts are those of the service that this one replaces (reference 1.5), where
/// it has any.
///
/// That service has one more text, `no token header`, for a call without any metadata. HTTP/2 requests always have some,
/// so such a call does not exist: it is `headerMissing`.
package enum TokenProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The request has no Authorization header, an empty one, or several.
    case headerMissing
    /// The header has no space: no token type.
    case typeMissing
    /// The header's token type is not "bearer". Safe to print: see `BearerHeader`.
    case typeInvalid(String)
    /// The account service could not be asked, and the token is not known from before.
    case unverifiable
    /// The call was cancelled before the account service had answered.
    case cancelled
    /// The token is not active.
    case inactive
    /// The token is active and its scopes do not allow to write events.
    case scopeMissing

    /// What the client is told.
    package var message: String {
        switch self {
        case .headerMissing: "no token header value"
        case .typeMissing: "invalid token header: token type missing in Authorization header"
        case .typeInvalid(let type): "invalid token header: invalid token type \(type) in Authorization header"
        case .unverifiable: "unable to validate token"
        case .cancelled: "request canceled"
        case .inactive, .scopeMissing: "permission denied"
        }
    }

    /// A name for logs and metrics.
    package var reason: String {
        switch self {
        case .headerMissing: "header_missing"
        case .typeMissing: "type_missing"
        case .typeInvalid: "type_invalid"
        case .unverifiable: "unverifiable"
        case .cancelled: "cancelled"
        case .inactive: "inactive"
        case .scopeMissing: "scope_missing"
        }
    }

    /// The reason and what the client is told.
    package var description: String { "\(reason): \(message)" }
}
