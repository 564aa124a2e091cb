internal import Secrets

/// Asks the account service about a token, in the way that is configured.
enum Introspector: Sendable {
    case sams(SAMSIntrospector)
    case rfc7662(RFC7662Introspector)

    func introspect(_ token: Secret) async throws(IntrospectionFailure) -> Introspection {
        switch self {
        case .sams(let introspector): try await introspector.introspect(token)
        case .rfc7662(let introspector): try await introspector.introspect(token)
        }
    }
}
