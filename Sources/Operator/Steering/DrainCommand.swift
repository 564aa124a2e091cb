package import ArgumentParser
internal import Contract
internal import Forwarder
internal import Store

/// `gatewayctl drain`.
package struct DrainCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Deliver what waits now, then pause, or end the forwarder.",
        discussion: """
            Returns at once unless --wait is given; `gatewayctl status` shows how far it is. What arrives after the drain \
            has begun may be delivered or wait. Needs a running forwarder.

            With --wait it ends with 0 once everything is drained (and the forwarder has ended, with --then-exit), with 1 \
            when --timeout is over first, and with 69 when the forwarder ends before. Progress goes to standard error. \
            Interrupting it does not stop the drain.

            Examples:
              gatewayctl drain --destination file:///srv/old --wait
              gatewayctl drain --then-exit --wait --timeout 10m && systemctl stop telemetry-ingest
            """)

    @OptionGroup package var spool: SpoolOptions
    @OptionGroup package var target: DestinationOption

    @Flag(help: "End the forwarder once everything chosen is delivered, instead of pausing.")
    package var thenExit = false

    @Flag(help: "Wait until it is done.")
    package var wait = false

    @Option(help: ArgumentHelp("Wait no longer than this, as 30s or 10m; the drain goes on.", valueName: "time"))
    package var timeout: TimeSpan?

    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func validate() throws {
        if timeout != nil, !wait { throw ValidationError("--timeout needs --wait") }
    }

    package func run() async throws {
        let layout = try spool.existingLayout()
        let before = wait ? try SpoolInspector(layout: layout).operatorActs(limit: 1).first : nil
        let result = try await ForwarderAccess(layout: layout)
            .perform(.drain(destination: target.destination, thenExit: thenExit))
        guard wait else { return SteeringReport.write(result, "draining", json: json) }
        let left = try await DrainWait(
            layout: layout, destinations: result.destinations, thenExit: thenExit, timeout: timeout?.duration,
            before: before
        ).run()
        guard json else {
            SteeringReport.write(result, "drained", json: false)
            if left > 0 { TextOutput.standardError.write("\(HumaneText.events(left)) came meanwhile and wait\n") }
            return
        }
        let destinations = result.destinations.map { JSONValue.string($0) }
        TextOutput.standardOutput.write(
            JSONValue.members([
                ("destinations", .array(destinations)), ("drained", .bool(true)), ("waiting_events", .number(left)),
            ]).line)
    }
}
