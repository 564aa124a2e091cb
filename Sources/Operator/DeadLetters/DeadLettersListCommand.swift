package import ArgumentParser
internal import Contract
internal import Runtime
internal import Store

/// `gatewayctl dead-letters list`.
package struct DeadLettersListCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List dead letters, those of destinations first, oldest first.",
        discussion: """
            Examples:
              gatewayctl dead-letters list --destination pubsub://project/topic --state waiting
              gatewayctl dead-letters list --limit 1000000 --json | jq -r '.dead_letters[].client' | sort | uniq -c
            """)

    @OptionGroup package var spool: SpoolOptions
    @OptionGroup(title: "Which") package var which: DeadLetterOptions

    @Option(help: ArgumentHelp("Most letters that are listed.", valueName: "n"))
    package var limit = 100

    @Flag(help: "Print one JSON object: {\"dead_letters\":[…],\"count\":…,\"bytes\":…}.")
    package var json = false

    package init() {}

    package func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit takes a number above zero") }
    }

    package func run() async throws {
        let now = WallClock.now()
        let inspector = SpoolInspector(layout: try spool.existingLayout())
        let filter = which.filter(now: now)
        let count = try inspector.countDeadLetters(filter)
        var letters: [DeadLetter] = []
        try inspector.visitDeadLetters(filter, loading: false) { letter in
            letters.append(letter)
            return letters.count < limit
        }
        let output = TextOutput.standardOutput
        if json {
            let list = letters.map { DeadLetterReport.json($0, includesEvent: false) }
            output.write(
                JSONValue.members([
                    ("dead_letters", .array(list)), ("count", .number(count.letters)), ("bytes", .number(count.bytes)),
                ]).line)
            return
        }
        if !letters.isEmpty {
            output.write(
                DeadLetterReport.list(
                    letters, now: now, style: output.style, width: output.isTerminal ? output.columns : nil))
        }
        let hidden = count.letters - Int64(letters.count)
        let summary =
            count.letters == 0
            ? "no dead letters"
            : HumaneText.quantity(count.letters, "dead letter", "dead letters")
                + ", \(HumaneText.bytes(count.bytes))"
                + (hidden > 0 ? "; \(HumaneText.count(hidden)) not shown, see --limit" : "")
        TextOutput.standardError.write(summary + "\n")
    }
}
