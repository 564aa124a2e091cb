package import ArgumentParser
internal import Contract
internal import Runtime

/// `gatewayctl send`.
package struct SendCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send events to an ingest, and count what it acknowledges.",
        discussion: """
            Reads NDJSON: one event of the contract a line, in protobuf's JSON. Events without an id get a new one; \
            all else is sent as it is. An event counts as acknowledged once ingest has made it durable.

            Examples:
              gatewayctl send deploy/samples/events.ndjson
              gatewayctl send --to gateway.example:10085 --client me events.ndjson
              tail -f events.ndjson | gatewayctl send --rate 100
            """)

    @Argument(help: ArgumentHelp("Files, or - for standard input (default: -).", valueName: "file"))
    package var files: [String] = []

    @Option(
        help: ArgumentHelp(
            "The ingest (default: 127.0.0.1 and the port in PORT, or else \(ServerAddress.defaultPort)).",
            valueName: "host:port"))
    package var to: ServerAddress?

    @Option(help: ArgumentHelp("Send as this unlicensed instance (default: gatewayctl).", valueName: "id"))
    package var client: String?

    @Option(name: .customLong("external-url"), help: ArgumentHelp("The instance's external URL.", valueName: "url"))
    package var externalURL: String?

    @Option(help: ArgumentHelp("Send as this managed service instead.", valueName: "id"))
    package var service: String?

    @Option(help: ArgumentHelp("Most events in a batch.", valueName: "n"))
    package var batchEvents = BatchSource.Limits().batchEvents

    @Option(help: ArgumentHelp("A batch with this many bytes is sent.", valueName: "size"))
    package var batchBytes = ByteSize(bytes: BatchSource.Limits().batchBytes)

    @Option(help: ArgumentHelp("Events per second, at most; batches become smaller.", valueName: "n"))
    package var rate: Double?

    @Flag(help: "Pass over lines that are no events; the exit code is 1 then.")
    package var skipInvalid = false

    @Flag(help: "Print one JSON object.")
    package var json = false

    @Flag(name: .shortAndLong, help: "No progress and no notes on standard error.")
    package var quiet = false

    /// Batches a second at most when a rate is given, so that a low rate does not come in bursts.
    private static let pacedBatchesPerSecond = 10.0
    private static let batchEventsRange = 1...100_000
    // Ingest takes 90 MiB a message unless told otherwise.
    private static let batchBytesRange = 1...(64 << 20)
    private static let rateRange = 0.001...1e9

    package init() {}

    package func validate() throws {
        if service != nil, client != nil || externalURL != nil {
            throw ValidationError("--service can not be combined with --client or --external-url")
        }
        for (flag, text) in [("--client", client), ("--service", service)] where text == "" {
            throw ValidationError("\(flag) must not be empty")
        }
        guard Self.batchEventsRange ~= batchEvents else {
            throw ValidationError("--batch-events takes 1 to \(Self.batchEventsRange.upperBound)")
        }
        guard Self.batchBytesRange ~= batchBytes.bytes else {
            throw ValidationError("--batch-bytes takes 1 to \(ByteSize(bytes: Self.batchBytesRange.upperBound))")
        }
        if let rate, !(Self.rateRange ~= rate) {
            throw ValidationError("--rate takes 0.001 to 1000000000 events per second")
        }
        guard files.filter({ $0 == "-" }).count <= 1 else { throw ValidationError("- can be named once") }
    }

    package func run() async throws {
        let errors = TextOutput.standardError
        let paths = files.isEmpty ? ["-"] : files
        if paths.contains("-"), !quiet, TextOutput.isStandardInputTerminal {
            errors.write("\(GatewayControl.name): reading events from the terminal; Ctrl-D ends them\n")
        }
        let progress = errors.isTerminal && !json && !quiet ? ProgressLine(output: errors) : nil
        let warn: @Sendable (String) -> Void = { [quiet] text in
            progress?.clear()
            if !quiet { errors.write("\(GatewayControl.name): \(errors.style.warning("warning")): \(text)\n") }
        }
        let source = try BatchSource(paths: paths, limits: limits, warn: warn)
        let totalBytes = try await source.totalBytes()
        let tally = AcknowledgementTally()
        let address = to ?? ServerAddress.standard(environment: ProcessEnvironment.current)
        let sender = EventSender(address: address, identity: identity, eventsPerSecond: rate)

        let started = WallClock.monotonic()
        var failure: OperatorFailure?
        do throws(OperatorFailure) {
            try await sender.send(source, tally: tally) {
                progress?.show(tally.figures, fraction: totalBytes.map { source.fractionRead(of: $0) })
            }
        } catch {
            failure = error
        }
        progress?.clear()
        let report = SendReport(
            figures: tally.figures, counts: await source.counts, duration: WallClock.monotonic() - started)
        try show(report, failure)
    }

    private func show(_ report: SendReport, _ failure: OperatorFailure?) throws(OperatorFailure) {
        if !json, !quiet {
            for note in report.notes {
                TextOutput.standardError.write("\(GatewayControl.name): \(note)\n")
            }
        }
        if json {
            TextOutput.standardOutput.write(report.json.line)
        } else if failure == nil || report.figures.batches > 0 {
            TextOutput.standardOutput.write(report.text)
        }
        if let failure { throw failure }
        if let problem = report.problem { throw OperatorFailure(.refused, problem) }
    }

    private var identity: SenderIdentity {
        if let service { return .service(id: service) }
        return .instance(id: client ?? GatewayControl.name, externalURL: externalURL ?? "")
    }

    private var limits: BatchSource.Limits {
        var limits = BatchSource.Limits()
        limits.batchEvents = batchEvents
        if let rate { limits.batchEvents = min(batchEvents, max(1, Int(rate / Self.pacedBatchesPerSecond))) }
        limits.batchBytes = batchBytes.bytes
        limits.skipsInvalid = skipInvalid
        return limits
    }
}
