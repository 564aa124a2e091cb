package import ArgumentParser
internal import Contract
internal import Forwarder
internal import Glibc
internal import Runtime
internal import Store

/// `gatewayctl reload`.
package struct ReloadCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "reload",
        abstract: "Have running processes read their configuration again.",
        discussion: """
            The same as SIGHUP, and says what has changed. Values come from the file that --config or \
            GATEWAY_CONFIG_FILE names; the environment of a running process can not change, and outranks the file. \
            Licence keys, certificates and files of secrets are read again, too. A configuration with any problem is \
            refused as a whole, and the old one stays in force (exit code 1).

            Examples:
              gatewayctl reload all
              gatewayctl reload ingest --dry-run
              gatewayctl reload forwarder --dry-run --file /etc/telemetry-gateway/next.env
              gatewayctl reload all --json | jq '.[].changes'
            """)

    @OptionGroup package var spool: SpoolOptions

    @Argument(help: "ingest, forwarder or all.")
    package var process: String

    @Flag(help: "Say what would change or is wrong, and change nothing.")
    package var dryRun = false

    @Option(
        help: ArgumentHelp(
            "With --dry-run: look at this file instead of the process's own. The process reads it.", valueName: "path"))
    package var file: String?

    @Flag(help: "Print one JSON array with a report for each process.")
    package var json = false

    package init() {}

    package func validate() throws {
        guard process == "all" || ReloadTarget(rawValue: process) != nil else {
            throw ValidationError("“\(process)” is none of ingest, forwarder, all")
        }
        guard file == nil || dryRun else {
            throw ValidationError("--file needs --dry-run: change the process's own file, then reload")
        }
    }

    package func run() async throws {
        let layout = try spool.existingLayout()
        let output = TextOutput.standardOutput
        var reports: [ReloadReport] = []
        var failure: ControlFailure?
        for target in ReloadTarget(rawValue: process).map({ [$0] }) ?? ReloadTarget.allCases {
            do throws(ControlFailure) {
                let report = try await ReloadClient(target, layout: layout).reload(
                    isDryRun: dryRun, file: file.map(Self.absolute))
                reports.append(report)
                if !json { output.write(ReloadText(style: output.style).whole(report)) }
            } catch {
                // The other one is told all the same.
                if let earlier = failure { TextOutput.standardError.write("\(earlier.message)\n") }
                failure = error
            }
        }
        if json { output.write("[\(reports.map(\.json).joined(separator: ","))]\n") }
        if let failure { throw failure }
        guard !reports.contains(where: \.hasFailed) else {
            throw OperatorFailure(
                .refused,
                dryRun ? "the configuration has problems" : "the configuration is not, or not wholly, in force")
        }
    }

    /// The process may have another working directory.
    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let working = getcwd(nil, 0) else { return path }
        defer { free(working) }
        return "\(String(cString: working))/\(path)"
    }
}
