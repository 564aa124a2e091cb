package import ArgumentParser
package import Forwarder
internal import Runtime
package import Store

/// Which spool a command reads.
package struct SpoolOptions: ParsableArguments {
    /// The environment variable that names the spool, the same as for the two processes.
    package static let variable = "GATEWAY_SPOOL_DIRECTORY"
    /// The environment variable with the spool's quota, the same as for the two processes.
    package static let quotaVariable = "GATEWAY_SPOOL_QUOTA_BYTES"
    /// The environment variable with the free space that is kept.
    package static let reserveVariable = "GATEWAY_SPOOL_RESERVE_BYTES"
    /// The spool when nothing names one.
    package static let defaultDirectory = "var/spool"
    /// The spool of the Debian package, for when nothing names one and there is none in the default directory.
    package static let packageDirectory = "/var/lib/telemetry-gateway/spool"

    @Option(
        help: ArgumentHelp(
            "The spool directory (default: \(variable), or else \(defaultDirectory), or else \(packageDirectory)).",
            valueName: "directory"))
    package var spool: String?

    package init() {}

    /// Where the spool lies.
    package func layout(environment: [String: String] = ProcessEnvironment.current) -> SpoolLayout {
        let named = environment[Self.variable].flatMap { $0.isEmpty ? nil : $0 }
        if let root = spool ?? named { return SpoolLayout(root: root) }
        let candidates = [Self.defaultDirectory, Self.packageDirectory].map { SpoolLayout(root: $0) }
        return candidates.first(where: \.exists) ?? candidates[0]
    }

    /// Up to where the spool may grow, as far as this environment says.
    package func limits(environment: [String: String] = ProcessEnvironment.current) -> SpoolLimits {
        func bytes(_ variable: String) -> Int64? {
            environment[variable].flatMap { ByteCountText.parse($0) }.map { Int64($0) }
        }
        return SpoolLimits(quotaBytes: bytes(Self.quotaVariable), reserveBytes: bytes(Self.reserveVariable) ?? 0)
    }

    /// Where the spool lies, for commands that must not make one.
    /// - Throws: `missingParent` when there is none.
    package func existingLayout() throws(StoreError) -> SpoolLayout {
        let layout = layout()
        try SpoolInspector(layout: layout).requireSpool()
        return layout
    }
}
