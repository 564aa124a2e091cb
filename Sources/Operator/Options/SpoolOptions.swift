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

    @Option(
        help: ArgumentHelp(
            "The spool directory (default: \(variable), or else \(defaultDirectory)).", valueName: "directory"))
    package var spool: String?

    package init() {}

    /// Where the spool lies.
    package func layout(environment: [String: String] = ProcessEnvironment.current) -> SpoolLayout {
        let named = environment[Self.variable].flatMap { $0.isEmpty ? nil : $0 }
        return SpoolLayout(root: spool ?? named ?? Self.defaultDirectory)
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
