internal import Contract
internal import GRPCCore

/// Who may send, in this version: unlicensed instances, and managed services where the operator vouches for them.
struct IdentityPolicy: Sendable {
    /// Whether managed services are believed without a token.
    let allowUnauthenticatedServices: Bool

    /// Admits a stream's sender.
    /// - Throws: the status that the client is told.
    func admit(_ metadata: StreamMetadata) throws(RPCError) -> Identity {
        let identity: Identity
        do throws(IdentityProblem) {
            identity = try metadata.identity
        } catch {
            throw IngestFailure.identity(error)
        }
        switch identity {
        case .unlicensedInstance: return identity
        case .licensedInstance: throw IngestFailure.licensedInstance
        case .managedService:
            guard allowUnauthenticatedServices else { throw IngestFailure.unauthenticatedService }
            return identity
        }
    }
}
