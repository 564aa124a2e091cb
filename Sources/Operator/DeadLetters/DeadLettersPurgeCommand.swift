package import ArgumentParser
internal import Forwarder
internal import Runtime
internal import Store

/// `gatewayctl dead-letters purge`.
package struct DeadLettersPurgeCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Give dead letters up for good.",
        discussion: """
            They are counted as purged in the audit, and their bytes are gone: export them first. Letters that are being \
            sent again stay. Asks before it purges; without a terminal it needs --yes.

            Examples:
              gatewayctl dead-letters purge --client instance-1 --to 7d --dry-run
              gatewayctl dead-letters purge --kind quarantine --reason oversized --yes
            """)

    @OptionGroup package var spool: SpoolOptions
    @OptionGroup(title: "Which") package var which: DeadLetterOptions

    @Flag(help: "Purge every dead letter there is; needed when no other option says which.")
    package var all = false

    @Flag(help: "Only count what would be purged.")
    package var dryRun = false

    @Flag(help: "Do not ask.")
    package var yes = false

    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func validate() throws {
        if which.isEverything != all {
            throw ValidationError(
                all
                    ? "--all can not be combined with options that say which"
                    : "say which letters, or --all for every one")
        }
        if which.state == .replaying || which.state == .replaced {
            throw ValidationError(
                "letters that are being sent again can not be purged; --state takes waiting or delivered")
        }
    }

    package func run() async throws {
        let layout = try spool.existingLayout()
        let access = ForwarderAccess(layout: layout)
        let filter = which.filter(now: WallClock.now())
        if !dryRun, !yes {
            let counted = try await access.perform(.purgeDeadLetters(filter, isDryRun: true))
            guard counted.events > 0 else {
                DeadLetterOrder.write(counted, "purged", json: json)
                return
            }
            try Confirmation.ask(
                "Purge \(HumaneText.quantity(counted.events, "dead letter", "dead letters")), "
                    + "\(HumaneText.bytes(counted.bytes)), for good?")
        }
        let result = try await access.perform(.purgeDeadLetters(filter, isDryRun: dryRun))
        DeadLetterOrder.write(result, dryRun ? "would be purged" : "purged", json: json)
    }
}
