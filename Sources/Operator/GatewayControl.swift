package import ArgumentParser
internal import Runtime

/// `gatewayctl`: the operator's command.
package struct GatewayControl: AsyncParsableCommand {
    /// The name of the executable.
    package static let name = "gatewayctl"

    package static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Send events to a telemetry gateway, and see what is in its spool.",
        discussion: """
            Answers go to standard output, everything else to standard error.

            Examples:
              gatewayctl send deploy/samples/events.ndjson
              gatewayctl status
              gatewayctl status --json | jq '.destinations[].waiting.events'
              gatewayctl peek -n 3

            Exit codes:
              0   done
              1   the answer is no: events or lines were refused, or not acknowledged
              64  wrong command line
              69  the server is not reachable, or ended the stream
              70  an error in this software
              73  there is no spool in that directory
              74  reading or writing failed
              78  the spool was written by a newer version
            """,
        version: "\(name) \(GatewayVersion.current)",
        subcommands: [SendCommand.self, StatusCommand.self, PeekCommand.self])

    package init() {}
}
