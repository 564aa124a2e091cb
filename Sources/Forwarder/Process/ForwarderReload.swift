internal import Logging
internal import Runtime
internal import Store

/// What a running forwarder does with a new configuration.
struct ForwarderReload: Sendable {
    /// The keys that can change while it runs. Of files of secrets the content is read again when it changes, reload or
    /// not.
    static let reloadableKeys: Set<String> = [
        JSONLogging.levelKey, SpoolSpaceSettings.quotaKey, SpoolSpaceSettings.reserveKey, RetentionSettings.shareKey,
        ForwarderConfiguration.pausedKey, ForwarderConfiguration.replayRateKey,
    ]
    static let secretFileKeys: Set<String> = [
        WebhookSettings.secretFileKey, WebhookSettings.tokenFileKey, PubSubSettings.keyFileKey,
    ]

    let layout: SpoolLayout
    let level: SharedLogLevel
    let retention: Reloadable<RetentionPolicy>
    let limits: Reloadable<SpoolLimits>
    let replayRate: Reloadable<Double>
    let pauses: ConfiguredPauses
    let ledger: DeliveryLedger
    let deadLetters: DeadLetterBounds

    var plan: ReloadPlan<ForwarderConfiguration> {
        ReloadPlan(isReloadable: Self.isReloadable, prepare: { try prepare($0) })
    }

    @Sendable static func isReloadable(_ old: ConfigurationKey, _ new: ConfigurationKey) -> Bool {
        if reloadableKeys.contains(new.name) { return true }
        if secretFileKeys.contains(new.name) { return old.value == new.value }
        // Whether segments are kept at all is decided as each is finished; only for how long can change.
        return new.name == RetentionSettings.retentionKey && !isZero(old) && !isZero(new)
    }

    private static func isZero(_ key: ConfigurationKey) -> Bool {
        key.value.flatMap { DurationText.parse($0) } == .zero
    }

    private func prepare(_ configuration: ForwarderConfiguration) throws -> ReloadPlan<ForwarderConfiguration>.Commit {
        let totalBytes = try FileSystemSpace.measured(layout.root).totalBytes
        var settings = configuration.retention
        let keepsSegments = retention.value.retention > 0
        if keepsSegments != (settings.retention > .zero) {
            // It stays as it is until a restart.
            settings.retention = .nanoseconds(retention.value.retention)
        }
        let policy = try settings.policy(fileSystemBytes: totalBytes)
        let space = try settings.spool.limits(fileSystemBytes: totalBytes)
        return {
            level.level = configuration.logLevel
            retention.value = policy
            limits.value = SpoolLimits(quotaBytes: space.quotaBytes, reserveBytes: space.reserveBytes)
            replayRate.value = Double(configuration.replayRate)
            var problems = await pauses.apply(configuration.pausedDestinations)
            do throws(StoreError) {
                try await ledger.publish(
                    ForwarderLimits(
                        quotaBytes: space.quotaBytes, reserveBytes: space.reserveBytes, deadLetters: deadLetters))
            } catch {
                problems.append("gatewayctl shows the limits of before: \(error.message)")
            }
            return problems
        }
    }
}
