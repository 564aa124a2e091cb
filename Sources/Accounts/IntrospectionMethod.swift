/// How the account service is asked about a token.
package enum IntrospectionMethod: String, Sendable, CaseIterable {
    /// gRPC `clients.v1.TokensService/IntrospectToken`, as Sourcegraph Accounts has it.
    case sams
    /// HTTP POST as RFC 7662 has it.
    case rfc7662
}
