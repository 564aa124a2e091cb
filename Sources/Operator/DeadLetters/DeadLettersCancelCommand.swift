package import ArgumentParser
internal import Contract
internal import Forwarder
internal import Runtime
internal import Store

/// `gatewayctl dead-letters cancel`.
package struct DeadLettersCancelCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Take dead letters back that are being sent again.",
        discussion: """
            They wait again, as before the replay; what is under way may arrive all the same. Without an option that says \
            which, all that are being sent again are meant.

            Examples:
              gatewayctl dead-letters cancel
              gatewayctl dead-letters cancel --destination pubsub://project/topic --dry-run
            """)

    @OptionGroup package var spool: SpoolOptions
    @OptionGroup(title: "Which") package var which: DeadLetterOptions

    @Flag(help: "Only count what would be taken back.")
    package var dryRun = false

    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func validate() throws {
        if let state = which.state, state != .replaying {
            throw ValidationError("only letters that are being sent again can be taken back; leave --state out")
        }
    }

    package func run() async throws {
        let filter = which.filter(state: .replaying, now: WallClock.now())
        let result = try await ForwarderAccess(layout: spool.existingLayout())
            .perform(.cancelDeadLetterReplay(filter, isDryRun: dryRun))
        DeadLetterOrder.write(result, dryRun ? "would wait again" : "waiting again", json: json)
    }
}
