package import ArgumentParser
internal import Contract
internal import Runtime
internal import Store

/// `gatewayctl peek`.
package struct PeekCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "peek",
        abstract: "Show the next waiting events as the messages that a destination will get.",
        discussion: """
            One message a line, {"data":…,"attributes":…}, oldest first. Nothing is marked, moved or delivered. On \
            standard error, a line before each batch says where its events come from.

            Examples:
              gatewayctl peek -n 3
              gatewayctl peek --destination file:///srv/delivered --json | jq '.data.event.feature'
            """)

    /// Most events that one call shows.
    package static let maximumEvents = 1_000_000

    @OptionGroup package var spool: SpoolOptions

    @Option(name: [.customShort("n"), .customLong("events")], help: "How many events, at most.")
    package var events = 10

    @Option(
        help: ArgumentHelp(
            "Whose events (default: the first destination, or all events before any forwarder has run).",
            valueName: "name"))
    package var destination: String?

    @Flag(help: "Messages only, nothing on standard error but problems.")
    package var json = false

    package init() {}

    package func validate() throws {
        guard 1...Self.maximumEvents ~= events else {
            throw ValidationError("-n takes 1 to \(Self.maximumEvents)")
        }
    }

    package func run() async throws {
        let inspector = SpoolInspector(layout: spool.layout())
        if let destination {
            let known = try inspector.destinationNames()
            guard known.contains(destination) else {
                let list = known.isEmpty ? "none yet" : known.joined(separator: ", ")
                throw OperatorFailure(.usage, "“\(destination)” is no destination of this spool; known: \(list)")
            }
        }
        var printer = WaitingPrinter(limit: events, showsHeaders: !json, now: WallClock.now())
        let unreadable = try inspector.visitWaiting(at: destination) { printer.show($0) }
        if printer.shown == 0, !json { TextOutput.standardError.write("nothing is waiting\n") }
        let problems = unreadable + printer.problems
        for problem in problems { TextOutput.standardError.write("\(GatewayControl.name): warning: \(problem)\n") }
        if !problems.isEmpty {
            throw OperatorFailure(
                .refused,
                "\(HumaneText.quantity(Int64(problems.count), "part", "parts")) of the spool can not be shown: see above"
            )
        }
    }
}
