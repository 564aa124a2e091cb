package import ArgumentParser

/// `gatewayctl replay`.
package struct ReplayCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send delivered events of a time again, after a mistake downstream.",
        discussion: """
            Without a subcommand it means start.

            Examples:
              gatewayctl replay --from 2h --dry-run
              gatewayctl replay --from 2h --destination pubsub://project/topic --rate 5000
              gatewayctl replay list
              gatewayctl replay cancel 3
            """,
        subcommands: [ReplayStartCommand.self, ReplayListCommand.self, ReplayCancelCommand.self],
        defaultSubcommand: ReplayStartCommand.self)

    package init() {}
}
