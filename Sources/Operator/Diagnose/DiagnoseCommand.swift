package import ArgumentParser
internal import Contract
package import Diagnosis
internal import Runtime
internal import Store

/// `gatewayctl diagnose`.
package struct DiagnoseCommand: AsyncParsableCommand {
    /// The process ends with this when nothing at all is known of what was asked.
    static let unknownExitCode: Int32 = 2

    package static let configuration = CommandConfiguration(
        commandName: "diagnose",
        abstract: "Find out why a sender's events, or one event, do not arrive.",
        discussion: """
            Goes through a checklist: licence tags that limit the export, expired licence, version, last stream, last \
            refusal, quarantined, waiting, delivered, dead letters; each with a verdict (ok, look here, problem, not known), \
            and then what to do. Reads the spool directory and changes nothing; ingest and forwarder may be running or not, \
            and a copy of the directory will do.

            A licence is named by the digest of its key (SHA-256 of the text, as the logs show its beginning). An event is \
            searched in everything that is kept, the newest first, until it is found.

            Ends with 0 when nothing is wrong, with 1 when a check says look here or problem, and with 2 when nothing at all \
            is known.

            Examples:
              gatewayctl diagnose --client 7f1c5a3e-instance
              gatewayctl diagnose --url https://sourcegraph.example.com
              gatewayctl diagnose --license-digest 3f6a11
              gatewayctl diagnose --event 0190b2c4-0000 --json | jq '.diagnoses[].event'
            """)

    @OptionGroup package var spool: SpoolOptions

    @Option(help: ArgumentHelp("The sender with this instance id or service id.", valueName: "id"))
    package var client: String?

    @Option(help: ArgumentHelp("The senders with this external URL.", valueName: "url"))
    package var url: String?

    @Option(
        help: ArgumentHelp(
            "The senders whose licence key has this digest, or one that begins so (6 digits or more).",
            valueName: "digits"))
    package var licenseDigest: String?

    @Option(help: ArgumentHelp("The event with this id.", valueName: "id"))
    package var event: String?

    @Flag(help: "With --event: find all places, not only the newest.")
    package var all = false

    @Flag(help: "Print one JSON object.")
    package var json = false

    package init() {}

    /// What is asked; nil unless exactly one thing is.
    package var query: DiagnosisQuery? {
        DiagnosisQuery(
            parameters: zip(DiagnosisQuery.parameterNames, [client, url, licenseDigest, event])
                .compactMap { name, value in value.map { (name, $0) } })
    }

    package func validate() throws {
        guard query != nil else {
            if let digest = licenseDigest, !DiagnosisQuery.isDigest(digest) {
                throw ValidationError("“\(digest)” is no digest: give 6 hexadecimal digits or more.")
            }
            throw ValidationError("Give exactly one of --client, --url, --license-digest and --event.")
        }
        if all, event == nil { throw ValidationError("--all goes with --event only.") }
    }

    package func run() async throws {
        guard let query else { return }
        let layout = try spool.existingLayout()
        let searching = SearchLine(output: .standardError)
        let report = try FactsGatherer(layout: layout).report(
            query, options: DiagnosisOptions(findsAll: all), progress: { searching.show($0) })
        searching.clear()
        let output = TextOutput.standardOutput
        output.write(
            json
                ? String(decoding: report.json.line, as: UTF8.self) : DiagnosisText.text(report, style: output.style))
        switch report.outcome {
        case .fine: return
        case .trouble: throw ExitCode(OperatorFailure.Code.refused.exitCode)
        case .unknown: throw ExitCode(Self.unknownExitCode)
        }
    }
}
