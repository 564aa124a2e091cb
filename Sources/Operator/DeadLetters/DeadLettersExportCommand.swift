package import ArgumentParser
internal import Contract
internal import Runtime
internal import Store

/// `gatewayctl dead-letters export`.
package struct DeadLettersExportCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write dead letters as NDJSON: what is known, the event as JSON, its bytes in base64.",
        discussion: """
            Nothing is changed. `bytes` are the event as it was received; `event` is null when they are no event.

            Examples:
              gatewayctl dead-letters export --from 1d > dead-letters.ndjson
              gatewayctl dead-letters export --reason refused | jq -c .event > events.ndjson
            """)

    @OptionGroup package var spool: SpoolOptions
    @OptionGroup(title: "Which") package var which: DeadLetterOptions

    package init() {}

    package func run() async throws {
        let output = TextOutput.standardOutput
        var count: Int64 = 0
        try SpoolInspector(layout: spool.existingLayout())
            .visitDeadLetters(which.filter(now: WallClock.now()), loading: true) { letter in
                output.write(DeadLetterReport.json(letter, includesEvent: true).line)
                count += 1
                return true
            }
        TextOutput.standardError.write(HumaneText.quantity(count, "dead letter", "dead letters") + " exported\n")
    }
}
