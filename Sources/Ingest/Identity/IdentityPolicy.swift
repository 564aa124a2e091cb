internal import Accounts
internal import Contract
internal import Logging
internal import Runtime
internal import Secrets
internal import Synchronization

/// Who may send: unlicensed instances, licensed ones whose key is genuine, and managed services whose token allows it.
final class IdentityPolicy: Sendable {
    /// The same licence is logged once in this time.
    static let noticeInterval = Duration.seconds(600)

    /// What may change while the process runs.
    private struct Licensing {
        /// Nil without public keys: then no licence can be verified.
        var licences: LicenceCache?
        /// Of the keys that the cache verifies with.
        var fingerprints: [String]?
        var enforcement: LicenceEnforcement
    }

    private let allowUnauthenticatedServices: Bool
    /// Nil without an account service: then no token can be verified.
    private let tokens: TokenVerifier?
    private let licensing: Mutex<Licensing>
    private let logger: Logger
    private let limiter = SharedLogRateLimiter(interval: noticeInterval)

    init(
        allowUnauthenticatedServices: Bool, tokens: TokenVerifier?, licences: LicenceVerifier?,
        enforcement: LicenceEnforcement, logger: Logger
    ) {
        self.allowUnauthenticatedServices = allowUnauthenticatedServices
        self.tokens = tokens
        licensing = Mutex(
            Licensing(
                licences: licences.map { LicenceCache(verifier: $0) }, fingerprints: licences?.fingerprints,
                enforcement: enforcement))
        self.logger = logger
    }

    /// Other keys or another enforcement, for streams that begin from now on. What was verified with the same keys stays
    /// known.
    func adopt(licences: LicenceVerifier?, enforcement: LicenceEnforcement) {
        licensing.withLock { licensing in
            licensing.enforcement = enforcement
            guard licensing.fingerprints != licences?.fingerprints else { return }
            licensing.licences = licences.map { LicenceCache(verifier: $0) }
            licensing.fingerprints = licences?.fingerprints
        }
    }

    /// Who a stream says it comes from.
    func identity(of metadata: StreamMetadata) throws(IngestFailure) -> Identity {
        do throws(IdentityProblem) {
            return try metadata.identity
        } catch {
            throw .identity(error)
        }
    }

    /// Admits a sender.
    /// - Parameter authorization: every value of the call's Authorization header.
    /// - Returns: the licence that was verified; nil for senders without one.
    func admit(_ identity: Identity, authorization: [String]) async throws(IngestFailure) -> AdmittedLicence? {
        switch identity {
        case .unlicensedInstance: break
        case .licensedInstance(let licenceKey, _, _): return try admit(licenceKey: licenceKey)
        case .managedService: try await authorise(authorization)
        }
        return nil
    }

    /// Checks that a token allows to write events.
    /// - Parameter authorization: every value of the call's Authorization header.
    func authorise(_ authorization: [String]) async throws(IngestFailure) {
        if allowUnauthenticatedServices { return }
        guard let tokens else { throw .unauthenticatedService }
        do throws(TokenProblem) {
            _ = try await tokens.verify(authorization: authorization)
        } catch {
            throw .token(error)
        }
    }

    private func admit(licenceKey: String) throws(IngestFailure) -> AdmittedLicence {
        let (known, enforcement) = licensing.withLock { ($0.licences, $0.enforcement) }
        guard let licences = known else { throw .licensedInstance }
        let check = licences.check(licenceKey)
        let licence: LicenceInformation
        do throws(LicenceError) {
            licence = try check.result.get()
        } catch {
            throw .invalidLicence(error)
        }
        let admitted = AdmittedLicence(digest: check.digest, information: licence)
        guard enforcement != .off, let problem = Self.problem(with: licence) else { return admitted }
        if enforcement == .enforce { throw .refusedLicence(problem) }
        // A digest stands for the key, which never reaches a log.
        guard limiter.suppressed(check.digest.prefix) != nil else { return admitted }
        logger.warning(
            "events accepted under a licence with a problem",
            metadata: ["licence": "\(check.digest.prefix)", "problem": "\(problem)"])
        return admitted
    }

    private static func problem(with licence: LicenceInformation) -> String? {
        if licence.isExpired(at: WallClock.now() / 1_000_000_000) { return "the licence is expired" }
        if ExportMode(licence: licence) == .disabled { return "the licence's tags disable the export of events" }
        return nil
    }
}
