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
              gatewayctl status --watch
              gatewayctl audit && echo every event is accounted for
              gatewayctl diagnose --client instance-1
              gatewayctl peek -n 3
              gatewayctl dead-letters list --from 2h
              gatewayctl pause --destination pubsub://project/topic
              gatewayctl upgrade-check /srv/gateway/spool
              gatewayctl reload all --dry-run
              gatewayctl doctor

            Exit codes:
              0   done
              1   the answer is no: events were refused or not acknowledged, an edit
                  fits no event, nothing has that id, the audit does not balance, a
                  version can not read the spool, a drain takes longer than --timeout,
                  a diagnosis or the doctor has found trouble, a configuration is refused
              2   a diagnosis knows nothing of what was asked
              64  wrong command line, or no such destination
              69  server or forwarder are not reachable, or of another version
              70  an error in this software
              73  there is no spool in that directory
              74  reading or writing failed
              78  the spool was written by a newer version, or a specification is wrong
            """,
        version: "\(name) \(GatewayVersion.current)",
        subcommands: [
            SendCommand.self, StatusCommand.self, AuditCommand.self, DiagnoseCommand.self, PeekCommand.self,
            DeadLettersCommand.self, ReplayCommand.self, PauseCommand.self, ResumeCommand.self, DrainCommand.self,
            ReloadCommand.self, DoctorCommand.self, UpgradeCheckCommand.self, GenerateCommand.self,
        ])

    package init() {}
}
