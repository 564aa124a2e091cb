package import ArgumentParser
internal import Runtime
internal import Store

/// `gatewayctl status`.
package struct StatusCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what is in the spool and how far it is delivered.",
        discussion: """
            Reads the spool's files and changes nothing: ingest and forwarder may be running or not.

            Examples:
              gatewayctl status
              gatewayctl status --spool /srv/gateway/spool --json
            """)

    @OptionGroup package var spool: SpoolOptions

    @Flag(help: "Print one JSON object. Times are RFC 3339 in UTC, sizes are bytes.")
    package var json = false

    package init() {}

    package func run() async throws {
        let layout = spool.layout()
        let status = try SpoolInspector(layout: layout).status()
        let report = StatusReport(spool: layout.root, status: status, at: WallClock.now())
        let output = TextOutput.standardOutput
        if json {
            output.write(report.json.line)
        } else {
            output.write(report.text(style: output.style))
        }
    }
}
