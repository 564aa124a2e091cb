package import ArgumentParser
internal import Contract
internal import Forwarder
internal import Runtime
internal import Store

/// `gatewayctl replay start`, or just `gatewayctl replay`.
package struct ReplayStartCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Order delivered events of a time to be sent again.",
        discussion: """
            As far as their segments are kept (GATEWAY_RETENTION). They carry an attribute that marks them as replayed; \
            destinations get them beside what is new, and only what they had taken before. The times are those at which \
            ingest received the events. Returns once the order is durable; a running forwarder, or the next one, sends \
            them. Until it is over, its segments stay on disk unless space is short.

            Examples:
              gatewayctl replay --from 2h --dry-run
              gatewayctl replay --from 2026-01-31T22:00:00Z --to 2026-01-31T23:30:00Z --client instance-1 --rate 5000
            """)

    @OptionGroup package var spool: SpoolOptions
    @OptionGroup package var target: DestinationOption

    @Option(
        help: ArgumentHelp(
            "Received at this time or later: 2026-01-31T23:59:59Z, or 2h for two hours ago.", valueName: "time"))
    package var from: TimePoint

    @Option(help: ArgumentHelp("Received before this time.", valueName: "time"))
    package var to = TimePoint.ago(0)

    @Option(help: ArgumentHelp("Of this client only: its instance or service id.", valueName: "id"))
    package var client: String?

    @Flag(
        help: """
            Also what was given up at the destination: dead letters, and batches that expired or were skipped there.
            """)
    package var includeUndelivered = false

    @Flag(help: "Only count what would be sent, at most.")
    package var dryRun = false

    @Option(help: ArgumentHelp("Events a second for each destination, at most (default: no limit).", valueName: "n"))
    package var rate: EventRate?

    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func validate() throws {
        let now = WallClock.now()
        guard from.nanoseconds(now: now) < to.nanoseconds(now: now) else {
            throw ValidationError("--from must be earlier than --to")
        }
    }

    package func run() async throws {
        let now = WallClock.now()
        let replay = PastReplay(
            from: from.nanoseconds(now: now), to: to.nanoseconds(now: now), client: client,
            destination: target.destination, rate: rate?.perSecond,
            includesUndelivered: includeUndelivered, isDryRun: dryRun)
        let result = try await ForwarderAccess(layout: spool.existingLayout()).perform(.replayPast(replay))
        let output = TextOutput.standardOutput
        guard !json else { return output.write(result.json.line) }
        let places = result.destinations.joined(separator: ", ")
        let events = HumaneText.events(result.events)
        output.write(
            dryRun
                ? "\(events): would be sent again to \(places)\n"
                : "\(events): being sent again to \(places)\(orders(result.jobs))\n")
    }

    private func orders(_ jobs: [Int64]) -> String {
        guard !jobs.isEmpty else { return "" }
        return (jobs.count == 1 ? " (order " : " (orders ") + jobs.map(String.init).joined(separator: ", ") + ")"
    }
}
