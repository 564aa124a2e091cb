package import ArgumentParser
internal import Forwarder

/// `gatewayctl pause`.
package struct PauseCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Send nothing more to a destination, until resume.",
        discussion: """
            What is under way is finished and recorded; ingest goes on, and the spool grows. A pause survives restarts. \
            Works whether the forwarder runs or not.

            Examples:
              gatewayctl pause --destination pubsub://project/topic --reason "topic is being moved"
              gatewayctl pause
            """)

    @OptionGroup package var spool: SpoolOptions
    @OptionGroup package var target: DestinationOption

    @Option(help: ArgumentHelp("Why, for those who look at the status.", valueName: "text"))
    package var reason = ""

    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func run() async throws {
        let result = try await ForwarderAccess(layout: spool.existingLayout())
            .perform(.pause(destination: target.destination, reason: reason))
        SteeringReport.write(result, "paused", json: json)
    }
}
