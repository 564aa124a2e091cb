internal import Contract
internal import Secrets
internal import Store

extension SenderChange {
    /// A sender by what it says of itself, verified or not.
    /// - Parameter at: nanoseconds since 1970.
    init(_ identity: Identity, licence: AdmittedLicence? = nil, at: Int64) {
        var digest = licence?.digest.prefix ?? ""
        let kind: SenderKind
        var (externalURL, environment) = ("", "")
        switch identity {
        case .licensedInstance(let licenceKey, _, let url):
            kind = .licensedInstance
            externalURL = url
            if digest.isEmpty { digest = SecretDigest(of: licenceKey).prefix }
        case .unlicensedInstance(_, let url):
            kind = .unlicensedInstance
            externalURL = url
        case .managedService(_, let named):
            kind = .managedService
            environment = named ?? ""
        }
        self.init(
            key: SenderKey(source: identity.source, client: identity.client, licence: digest), kind: kind, at: at,
            externalURL: externalURL, environment: environment,
            licence: licence.map {
                SenderLicence(
                    digest: digest, tags: $0.information.tags, createdAt: $0.information.createdAt,
                    expiresAt: $0.information.expiresAt)
            })
    }

    /// A call of somebody who may not have said who it is.
    static func unidentified(at: Int64) -> SenderChange { SenderChange(key: .unknown, kind: .unknown, at: at) }
}

extension SenderRefusal {
    /// A refusal as its sender was told; nil for what is none: a client that went away, a process that stops.
    init?(_ failure: IngestFailure, of identity: Identity?, at: Int64) {
        guard failure.reason != .cancelled, failure.reason != .shuttingDown else { return nil }
        self.init(
            at: at, reason: failure.reason.rawValue, code: failure.code.name, message: failure.message,
            licence: Self.licence(of: identity))
    }

    /// A refusal of an HTTP request.
    init(_ problem: EventsProblem, at: Int64) {
        self.init(at: at, reason: problem.code, code: "HTTP \(problem.status)", message: problem.detail)
    }

    private static func licence(of identity: Identity?) -> String {
        guard case .licensedInstance(let licenceKey, _, _) = identity else { return "" }
        return SecretDigest(of: licenceKey).prefix
    }
}
