package import ArgumentParser
internal import Contract
internal import Runtime
internal import Store

/// `gatewayctl doctor`.
package struct DoctorCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at everything that a gateway depends on, before or while it runs.",
        discussion: """
            Directory, file system, time to sync a write, quota against free space, files, clock, libraries, limits of \
            open files and memory, locks, keys and certificates, and whether the destinations can be reached. Run it as \
            the service's user, with the environment and the configuration file of the services. Nothing is changed and \
            nothing is published: some files are written and removed again.

            Each look ends after --timeout. Exit code 1 when anything is a problem; warnings alone are 0.

            Examples:
              gatewayctl doctor
              gatewayctl doctor --config /etc/telemetry-gateway/gateway.env --spool /var/lib/telemetry-gateway/spool
              gatewayctl doctor --json | jq -r '.checks[] | select(.verdict != "ok") | "\\(.name): \\(.found)"'
            """)

    /// Shortest and longest limit of a look.
    private static let limits = Duration.milliseconds(100)...Duration.seconds(600)

    @Option(
        help: ArgumentHelp(
            "The spool directory (default: as the configuration has it, or else \(SpoolOptions.defaultDirectory)).",
            valueName: "directory"))
    package var spool: String?

    @Option(
        help: ArgumentHelp(
            "The configuration file of the services (default: GATEWAY_CONFIG_FILE).", valueName: "path"))
    package var config: String?

    @Option(help: ArgumentHelp("How long each look may take.", valueName: "time"))
    package var timeout = TimeSpan(duration: .seconds(5))

    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func validate() throws {
        guard Self.limits ~= timeout.duration else { throw ValidationError("--timeout takes 100ms to 10m") }
    }

    package func run() async throws {
        let output = TextOutput.standardOutput
        let report = await Doctor(
            spool: spool, environment: ProcessEnvironment.current, file: config, limit: timeout.duration
        ).report()
        output.write(json ? String(decoding: report.json.line, as: UTF8.self) : report.text(style: output.style))
        guard !report.hasProblems else {
            throw OperatorFailure(.refused, "something is not as it should be: see above")
        }
    }
}
