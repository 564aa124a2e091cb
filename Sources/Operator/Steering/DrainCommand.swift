package import ArgumentParser
internal import Forwarder

/// `gatewayctl drain`.
package struct DrainCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Deliver what waits now, then pause, or end the forwarder.",
        discussion: """
            Returns at once; `gatewayctl status` shows how far it is. What arrives after the drain has begun may be \
            delivered or wait. Needs a running forwarder.

            Examples:
              gatewayctl drain --destination file:///srv/old
              gatewayctl drain --then-exit && gatewayctl status --watch
            """)

    @OptionGroup package var spool: SpoolOptions
    @OptionGroup package var target: DestinationOption

    @Flag(help: "End the forwarder once everything chosen is delivered, instead of pausing.")
    package var thenExit = false

    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func run() async throws {
        let result = try await ForwarderAccess(layout: spool.existingLayout())
            .perform(.drain(destination: target.destination, thenExit: thenExit))
        SteeringReport.write(result, "draining", json: json)
    }
}
