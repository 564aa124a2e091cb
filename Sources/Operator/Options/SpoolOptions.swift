package import ArgumentParser
internal import Runtime
package import Store

/// Which spool a command reads.
package struct SpoolOptions: ParsableArguments {
    /// The environment variable that names the spool, the same as for the two processes.
    package static let variable = "GATEWAY_SPOOL_DIRECTORY"
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
}
