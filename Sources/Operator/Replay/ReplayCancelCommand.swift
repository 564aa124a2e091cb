package import ArgumentParser
internal import Contract
internal import Forwarder

/// `gatewayctl replay cancel`.
package struct ReplayCancelCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End an order to send a time of the past again.",
        discussion: """
            What it has sent is sent, and what is under way may arrive. Works whether the forwarder runs or not. Ends with 1 \
            when there is no such order, or when it is over.

            Example:
              gatewayctl replay cancel 3
            """)

    @OptionGroup package var spool: SpoolOptions

    @Argument(help: ArgumentHelp("The order's number, as list shows it.", valueName: "order"))
    package var order: Int64

    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func run() async throws {
        let result = try await ForwarderAccess(layout: spool.existingLayout()).perform(.cancelPastReplay(job: order))
        let output = TextOutput.standardOutput
        guard !json else { return output.write(result.json.line) }
        let places = result.destinations.joined(separator: ", ")
        output.write("order \(order) cancelled: \(HumaneText.events(result.events)) had been sent again to \(places)\n")
    }
}
