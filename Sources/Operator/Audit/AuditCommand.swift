package import ArgumentParser
internal import Contract
internal import Runtime
internal import Store

/// `gatewayctl audit`.
package struct AuditCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Prove that every accepted event is accounted for.",
        discussion: """
            Reads the segments and the ledger, and compares for each destination: accepted = pending + delivered + dead + \
            expired + purged + damaged + skipped (older than the destination's start). Changes nothing; ingest and \
            forwarder may be running. Ends with 0 when it balances and with 1 when it does not.

            Examples:
              gatewayctl audit
              gatewayctl audit --clients --json | jq '.accounts[] | select(.difference != 0)'
            """)

    @OptionGroup package var spool: SpoolOptions
    @OptionGroup package var target: DestinationOption

    @Flag(help: "One account for each client at each destination.")
    package var clients = false

    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func run() async throws {
        let layout = try spool.existingLayout()
        let inspector = SpoolInspector(layout: layout)
        if let destination = target.destination {
            let known = try inspector.destinationNames()
            guard known.contains(destination) else {
                throw OperatorFailure(
                    .usage,
                    "“\(destination)” is no destination of this spool; known: "
                        + (known.isEmpty ? "none yet" : known.joined(separator: ", ")))
            }
        }
        let report = AuditReport(
            spool: layout.root, at: WallClock.now(), audit: try inspector.audit(), perClient: clients,
            destination: target.destination)
        let output = TextOutput.standardOutput
        output.write(
            json
                ? String(decoding: report.json.line, as: UTF8.self)
                : report.text(style: output.style, width: output.isTerminal ? output.columns : nil))
        guard report.isBalanced else {
            throw OperatorFailure(
                .refused,
                "the audit of \(layout.root) does not balance: keep a copy of the spool directory, and compare with "
                    + "events_lost_total and the forwarder's log")
        }
    }
}
