/// Why a stream's metadata does not say who sends it.
package enum IdentityProblem: String, Error, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// The metadata has no `identifier`.
    case identifierMissing = "identifier_missing"
    /// The identifier is of a kind that this version does not know, or of none.
    case identifierUnsupported = "identifier_unsupported"
    /// An unlicensed instance without an instance id.
    case instanceIDMissing = "instance_id_missing"
    /// A managed service without a service id.
    case serviceIDMissing = "service_id_missing"

    /// The text for the sender; the service that this one replaces uses the same words where it has any.
    package var message: String {
        switch self {
        case .identifierMissing: "identifier is required"
        case .identifierUnsupported: "unsupported identifier type"
        case .instanceIDMissing: "instance_id is required for unlicensed instance"
        case .serviceIDMissing: "service_id is required for managed services"
        }
    }

    package var description: String { message }
}
