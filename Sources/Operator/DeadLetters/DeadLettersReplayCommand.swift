package import ArgumentParser
internal import Contract
internal import Forwarder
internal import Runtime
internal import Store

/// `gatewayctl dead-letters replay`.
package struct DeadLettersReplayCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send waiting dead letters again, as they are or edited.",
        discussion: """
            Quarantined events go to every configured destination. What a destination refuses again waits again, with one \
            try more. Returns once the order is durable; status and list show how far it is.

            An edit removes or replaces members of the event: del(.user), .feature = "x", .parameters.metadata["key"] = 1, \
            several separated by |. The original stays, linked to the copy that is sent. When one letter can not be edited, \
            none is sent.

            Examples:
              gatewayctl dead-letters replay --code invalid --dry-run
              gatewayctl dead-letters replay --from 1d --rate 100
              gatewayctl dead-letters replay --id 17 --edit 'del(.user) | .action = "view"'
            """)

    @OptionGroup package var spool: SpoolOptions
    @OptionGroup(title: "Which") package var which: DeadLetterOptions

    @Flag(help: "Only count what would be sent.")
    package var dryRun = false

    @Option(help: ArgumentHelp("Events a second for each destination, at most (default: no limit).", valueName: "n"))
    package var rate: EventRate?

    @Option(help: ArgumentHelp("Change each event before it is sent.", valueName: "edit"))
    package var edit: String?

    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func validate() throws {
        if let state = which.state, state != .waiting {
            throw ValidationError("only waiting letters can be sent again; leave --state out")
        }
        if let edit {
            do throws(EventEditFailure) {
                _ = try EventEdit(edit)
            } catch {
                throw ValidationError(error.description)
            }
        }
    }

    package func run() async throws {
        let result = try await ForwarderAccess(layout: spool.existingLayout()).perform(
            .replayDeadLetters(
                which.filter(state: .waiting, now: WallClock.now()), rate: rate?.perSecond,
                edit: try edit.map { try EventEdit($0) }, isDryRun: dryRun))
        DeadLetterOrder.write(result, dryRun ? "would be sent again" : "being sent again", json: json)
    }
}
