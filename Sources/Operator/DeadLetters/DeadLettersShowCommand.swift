package import ArgumentParser
internal import Contract
internal import Runtime
package import Store

/// `gatewayctl dead-letters show`.
package struct DeadLettersShowCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show all that is known of single dead letters, their events included.",
        discussion: """
            Example:
              gatewayctl dead-letters show 17 q1700000002000.5
            """)

    @OptionGroup package var spool: SpoolOptions

    @Argument(help: ArgumentHelp("The letters, as list shows them.", valueName: "id"))
    package var ids: [DeadLetterID]

    @Flag(help: "Print one JSON object a line, as export does.")
    package var json = false

    package init() {}

    package func run() async throws {
        let inspector = SpoolInspector(layout: try spool.existingLayout())
        let output = TextOutput.standardOutput
        var missing: [DeadLetterID] = []
        for id in ids {
            var filter = DeadLetterFilter()
            filter.ids = [id]
            var isFound = false
            try inspector.visitDeadLetters(filter, loading: true) { letter in
                isFound = true
                if json {
                    output.write(DeadLetterReport.json(letter, includesEvent: true).line)
                } else {
                    output.write(DeadLetterReport.details(letter, now: WallClock.now(), style: output.style))
                }
                return true
            }
            if !isFound { missing.append(id) }
        }
        guard missing.isEmpty else {
            throw OperatorFailure(
                .refused,
                "no dead letter has the id \(missing.map(\.description).joined(separator: ", ")): it may be delivered, "
                    + "purged or expired; `gatewayctl dead-letters list` shows what there is")
        }
    }
}
