internal import Listening
internal import Runtime
internal import Store

/// What a running ingest does with a new configuration.
struct IngestReload: Sendable {
    /// The keys that can change while it runs, but for those of TLS.
    static let reloadableKeys: Set<String> = [
        JSONLogging.levelKey, SpoolSpaceSettings.quotaKey, SpoolSpaceSettings.reserveKey, SpaceSettings.shareKey,
        IngestConfiguration.licenceKeysKey, IngestConfiguration.licenceEnforcementKey,
        IngestConfiguration.diagnosticsSecretKey,
    ]
    /// The keys of TLS that can change while TLS is on; turning it on or off needs a restart.
    static let securityKeys: Set<String> = [
        IngestConfiguration.certificateKey, IngestConfiguration.privateKeyKey, IngestConfiguration.authoritiesKey,
        IngestConfiguration.requireClientCertificateKey,
    ]
    private static let neededForSecurity: Set<String> = [
        IngestConfiguration.certificateKey, IngestConfiguration.privateKeyKey,
    ]

    let layout: SpoolLayout
    let level: SharedLogLevel
    let space: SpaceGuard
    let policy: IdentityPolicy
    let diagnosticsSecret: Reloadable<String?>
    /// Nil without TLS.
    let certificates: CertificateReloader?

    var plan: ReloadPlan<IngestConfiguration> {
        let servesTLS = certificates != nil
        return ReloadPlan(
            isReloadable: { Self.isReloadable($0, $1, servesTLS: servesTLS) }, prepare: { try prepare($0) })
    }

    static func isReloadable(_ old: ConfigurationKey, _ new: ConfigurationKey, servesTLS: Bool) -> Bool {
        if reloadableKeys.contains(new.name) { return true }
        guard servesTLS, securityKeys.contains(new.name) else { return false }
        return new.value != nil || !neededForSecurity.contains(new.name)
    }

    private func prepare(_ configuration: IngestConfiguration) throws -> ReloadPlan<IngestConfiguration>.Commit {
        let limits = try SpaceBudget.Limits(configuration.space, layout: layout)
        var useCertificates: (@Sendable () -> Void)?
        if let certificates, let security = configuration.security {
            useCertificates = try certificates.prepare(security)
        }
        return { [useCertificates] in
            level.level = configuration.logLevel
            space.adopt(limits)
            policy.adopt(licences: configuration.licences, enforcement: configuration.licenceEnforcement)
            diagnosticsSecret.value = configuration.diagnosticsSecret
            useCertificates?()
            return []
        }
    }
}
