internal import Contract
internal import GRPCCore
internal import Logging
internal import Runtime
internal import Synchronization

/// Who may send, in this version: unlicensed instances, licensed ones whose key is genuine, and managed services where
/// the operator vouches for them.
final class IdentityPolicy: Sendable {
    /// The same licence is logged once in this time.
    static let noticeInterval = Duration.seconds(600)

    private let allowUnauthenticatedServices: Bool
    /// Nil without public keys: then no licence can be verified.
    private let licences: LicenceCache?
    private let enforcement: LicenceEnforcement
    private let logger: Logger
    private let limiter = Mutex(LogRateLimiter(interval: noticeInterval))

    init(
        allowUnauthenticatedServices: Bool, licences: LicenceVerifier?, enforcement: LicenceEnforcement, logger: Logger
    ) {
        self.allowUnauthenticatedServices = allowUnauthenticatedServices
        self.licences = licences.map { LicenceCache(verifier: $0) }
        self.enforcement = enforcement
        self.logger = logger
    }

    /// Who a stream says it comes from.
    /// - Throws: the status that the client is told.
    func identity(of metadata: StreamMetadata) throws(RPCError) -> Identity {
        do throws(IdentityProblem) {
            return try metadata.identity
        } catch {
            throw IngestFailure.identity(error)
        }
    }

    /// Admits a sender.
    /// - Throws: the status that the client is told.
    func admit(_ identity: Identity) throws(RPCError) {
        switch identity {
        case .unlicensedInstance: break
        case .licensedInstance(let licenceKey, _, _): try admit(licenceKey: licenceKey)
        case .managedService:
            guard allowUnauthenticatedServices else { throw IngestFailure.unauthenticatedService }
        }
    }

    private func admit(licenceKey: String) throws(RPCError) {
        guard let licences else { throw IngestFailure.licensedInstance }
        let check = licences.check(licenceKey)
        let licence: LicenceInformation
        do throws(LicenceError) {
            licence = try check.result.get()
        } catch {
            throw IngestFailure.invalidLicence(error)
        }
        guard enforcement != .off, let problem = Self.problem(with: licence) else { return }
        if enforcement == .enforce { throw IngestFailure.refusedLicence(problem) }
        // A digest stands for the key, which never reaches a log.
        let decision = limiter.withLock { $0.decide(key: check.digest.prefix, now: WallClock.monotonic()) }
        guard case .emit = decision else { return }
        logger.warning(
            "events accepted under a licence with a problem",
            metadata: ["licence": "\(check.digest.prefix)", "problem": "\(problem)"])
    }

    private static func problem(with licence: LicenceInformation) -> String? {
        if licence.isExpired(at: WallClock.now() / 1_000_000_000) { return "the licence is expired" }
        if ExportMode(licence: licence) == .disabled { return "the licence's tags disable the export of events" }
        return nil
    }
}
