package import ArgumentParser
internal import Forwarder

/// `gatewayctl resume`.
package struct ResumeCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "End the pause of a destination.",
        discussion: """
            Also ends the pause that a drain leaves. Works whether the forwarder runs or not.

            Examples:
              gatewayctl resume --destination pubsub://project/topic
              gatewayctl resume
            """)

    @OptionGroup package var spool: SpoolOptions
    @OptionGroup package var target: DestinationOption

    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func run() async throws {
        let result = try await ForwarderAccess(layout: spool.existingLayout())
            .perform(.resume(destination: target.destination))
        SteeringReport.write(result, "resumed", json: json)
    }
}
