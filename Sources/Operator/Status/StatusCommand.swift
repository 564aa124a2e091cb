package import ArgumentParser
internal import Contract
internal import Forwarder
internal import Runtime
internal import Store

/// `gatewayctl status`.
package struct StatusCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what is in the spool and how its delivery goes.",
        discussion: """
            Reads the spool's files, asks a running forwarder how delivery goes, and changes nothing. Rates are events \
            a second over the last minute. “Full” is when the quota (\(SpoolOptions.quotaVariable)) is used up, or only \
            the reserve (\(SpoolOptions.reserveVariable)) is free on the file system: as the forwarder is configured, or \
            the last one was; before the first one, as this environment says.

            Examples:
              gatewayctl status
              gatewayctl status --watch --interval 1s
              gatewayctl status --spool /srv/gateway/spool --json | jq '.destinations[].waiting.events'
            """)

    /// Shortest and longest pause between two looks.
    private static let intervals = Duration.milliseconds(100)...Duration.seconds(3600)

    @OptionGroup package var spool: SpoolOptions

    @Flag(help: "Print one JSON object. Times are RFC 3339 in UTC, sizes are bytes; null is never, or not known.")
    package var json = false

    @Flag(name: .shortAndLong, help: "Show it again and again, until Ctrl-C: in place on a terminal.")
    package var watch = false

    @Option(help: ArgumentHelp("Pause between two looks with --watch.", valueName: "time"))
    package var interval = TimeSpan(duration: .seconds(2))

    package init() {}

    package func validate() throws {
        guard Self.intervals ~= interval.duration else { throw ValidationError("--interval takes 100ms to 1h") }
    }

    package func run() async throws {
        let layout = try spool.existingLayout()
        let output = TextOutput.standardOutput
        var collector = StatusCollector(layout: layout, limits: spool.limits())
        guard watch else {
            output.write(render(try await collector.collect(), output.style))
            return
        }
        try await WatchLoop(output: output, interval: interval.duration).run {
            render(try await collector.collect(), output.style)
        }
    }

    private func render(_ report: StatusReport, _ style: TextStyle) -> String {
        json ? String(decoding: report.json.line, as: UTF8.self) : report.text(style: style)
    }
}
