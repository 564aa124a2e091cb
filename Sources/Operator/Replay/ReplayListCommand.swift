package import ArgumentParser
internal import Contract
internal import Runtime
internal import Store

/// `gatewayctl replay list`.
package struct ReplayListCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List orders to send a time of the past again, and how far they are.",
        discussion: """
            Reads the spool's files and changes nothing. LEFT is what is stored of the order's time and client after the \
            place that it has reached: at most so many events are still sent.

            Examples:
              gatewayctl replay list
              gatewayctl replay list --all --json | jq '.orders[] | select(.state == "cancelled")'
            """)

    @OptionGroup package var spool: SpoolOptions

    @Flag(help: "Also those that are done or cancelled.")
    package var all = false

    @Flag(help: "Print one JSON object: {\"orders\":[…]}.")
    package var json = false

    package init() {}

    package func run() async throws {
        let inspector = SpoolInspector(layout: try spool.existingLayout())
        var orders: [ReplayOrder] = []
        for job in try inspector.replayJobs() where all || job.isRunning {
            let left =
                job.isRunning
                ? try inspector.storedEvents(from: job.from, to: job.to, client: job.client, after: job.position).events
                : 0
            orders.append(ReplayOrder(job: job, left: left))
        }
        let output = TextOutput.standardOutput
        guard !json else {
            return output.write(JSONValue.members([("orders", .array(orders.map(\.json)))]).line)
        }
        guard !orders.isEmpty else {
            return TextOutput.standardError.write(all ? "no orders\n" : "nothing is being sent again\n")
        }
        output.write(
            ReplayOrder.list(
                orders, now: WallClock.now(), style: output.style, width: output.isTerminal ? output.columns : nil))
    }
}
