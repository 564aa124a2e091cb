package import ArgumentParser

/// `gatewayctl dead-letters`.
package struct DeadLettersCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "dead-letters",
        abstract: "Look at events that can not be delivered, send them again, or give them up.",
        discussion: """
            Dead letters are events that a destination has refused for good, and events that ingest has put into \
            quarantine. They are kept with everything that is needed to send them again; nothing goes by itself, except \
            where the forwarder is told to let them expire.

            list, show and export read the spool's files. replay, cancel and purge are carried out by the running forwarder, or \
            here when none runs; each is recorded with who asked for it.

            Examples:
              gatewayctl dead-letters list --reason refused --from 2h
              gatewayctl dead-letters show 17
              gatewayctl dead-letters replay --code invalid --edit 'del(.parameters.privateMetadata.secret)'
              gatewayctl dead-letters purge --client instance-1 --dry-run
            """,
        subcommands: [
            DeadLettersListCommand.self, DeadLettersShowCommand.self, DeadLettersExportCommand.self,
            DeadLettersReplayCommand.self, DeadLettersCancelCommand.self, DeadLettersPurgeCommand.self,
        ])

    package init() {}
}
