package import ArgumentParser
internal import Contract
internal import Store

/// `gatewayctl upgrade-check`.
package struct UpgradeCheckCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "upgrade-check",
        abstract: "Say whether this version and the previous one can both read a spool.",
        discussion: """
            Reads the versions of the segments and of the ledger from their files, and compares them with what this \
            version of the software reads, and the one before it: whether an upgrade is possible, and whether there is a \
            way back. Changes nothing in the directory, which may be a copy that can not be written; ingest and \
            forwarder may be running. Ends with 0 when both read all of it, and with 1 when one does not.

            Examples:
              gatewayctl upgrade-check
              gatewayctl upgrade-check /mnt/snapshot/spool --json | jq .previous_reads
            """)

    @Argument(help: ArgumentHelp("The spool directory, instead of --spool.", valueName: "directory"))
    package var directory: String?

    @OptionGroup package var spool: SpoolOptions

    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    package func validate() throws {
        if directory != nil, spool.spool != nil { throw ValidationError("name the directory once") }
    }

    package func run() async throws {
        let layout = directory.map { SpoolLayout(root: $0) } ?? spool.layout()
        let report = UpgradeReport(
            spool: layout.root, files: try SpoolInspector(layout: layout).versions())
        let output = TextOutput.standardOutput
        output.write(
            json
                ? String(decoding: report.json.line, as: UTF8.self)
                : report.text(style: output.style, width: output.isTerminal ? output.columns : nil))
        guard report.thisReads else {
            throw OperatorFailure(.refused, "this version can not read the spool in \(layout.root)")
        }
        guard report.isGoodForBoth else {
            throw OperatorFailure(.refused, "the previous version can not read the spool in \(layout.root)")
        }
    }
}
