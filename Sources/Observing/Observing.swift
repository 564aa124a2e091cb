package import CoreMetrics
package import Logging
internal import Runtime
internal import Transfer

/// Lets others see what a process does: exports spans, and tells of errors, while the process runs and for a moment beyond.
package enum Observing {
    /// How long the end of a process waits for the last spans and errors to be sent.
    package static let flushTime = Duration.seconds(4)

    private enum Ending {
        case sent
        case outOfTime
    }

    /// Runs a process's work with what is configured.
    /// - Parameters:
    ///   - process: the name of the executable.
    ///   - body: the work; begins and ends spans with the tracer. What it throws is told as an error that ended the process.
    package static func run(
        _ configuration: ObservingConfiguration, process: String, factory: any MetricsFactory, logger: Logger,
        _ body: (Tracer) async throws -> Void
    ) async throws {
        guard configuration.traces != nil || configuration.errors != nil else { return try await body(.off) }
        // Apart from the transfers of the work, which neither wait for these nor end with them.
        let transfers = try CurlTransfers()
        let traces = configuration.traces.map {
            traceOutbox($0, exchange: transfers.exchange, factory: factory, logger: logger)
        }
        let errors = configuration.errors.map {
            ErrorReporter($0, process: process, exchange: transfers.exchange, factory: factory, logger: logger)
        }
        announce(configuration, logger)
        if let errors { ErrorLogObserver.shared.observe { errors.note($0) } }
        let tracer = makeTracer(configuration, traces)
        let failure = await withTaskGroup(of: Ending.self) { group in
            var running = 0
            if let traces {
                running += 1
                group.addTask {
                    await traces.run()
                    return .sent
                }
            }
            if let errors {
                running += 1
                group.addTask {
                    await errors.run()
                    return .sent
                }
            }
            var failure: (any Error)?
            do {
                try await body(tracer)
            } catch {
                failure = error
                errors?.note(Self.record(of: error, process: process))
            }
            let until = WallClock.monotonic() &+ Int64(flushTime / .nanoseconds(1))
            traces?.finish(until: until)
            errors?.finish(until: until)
            group.addTask {
                try? await Task.sleep(for: flushTime)
                return .outOfTime
            }
            while running > 0, let ending = await group.next() {
                if ending == .outOfTime { break }
                running -= 1
            }
            group.cancelAll()
            return failure
        }
        ErrorLogObserver.shared.observe(nil)
        await transfers.shutdown(grace: .zero)
        let unsent = (traces?.unsentCount ?? 0, errors?.unsentCount ?? 0)
        if unsent != (0, 0) {
            logger.warning(
                "not all could be exported before the end", metadata: ["spans": "\(unsent.0)", "errors": "\(unsent.1)"])
        }
        if let failure { throw failure }
    }

    private static func makeTracer(_ configuration: ObservingConfiguration, _ outbox: Outbox<FinishedSpan>?) -> Tracer {
        guard let settings = configuration.traces, let outbox else { return .off }
        return Tracer(sampler: settings.sampler) { outbox.add($0) }
    }

    private static func traceOutbox(
        _ settings: TraceSettings, exchange: @escaping HTTPExchange, factory: any MetricsFactory, logger: Logger
    ) -> Outbox<FinishedSpan> {
        let name = "gateway_trace_spans"
        MetricDescriptions.shared.describe(
            name, help: "Spans for the receiver of OTEL_EXPORTER_OTLP_ENDPOINT, by what became of them.")
        let sending = TraceSending(settings, exchange: exchange, logger: logger)
        return Outbox(limits: settings.limits, counter: name, factory: factory) { await sending.send($0) }
    }

    private static func announce(_ configuration: ObservingConfiguration, _ logger: Logger) {
        var metadata: Logger.Metadata = [:]
        if let traces = configuration.traces { metadata["spans_to"] = "\(traces.endpoint)" }
        if let errors = configuration.errors { metadata["errors_to"] = "\(errors.dsn.endpoint)" }
        logger.info("traces and errors are exported", metadata: metadata)
    }

    /// The log event for it comes later, from whoever ends the process.
    private static func record(of error: any Error, process: String) -> ErrorLogRecord {
        ErrorLogRecord(
            at: WallClock.now(), level: .critical, logger: process, message: "stopped by an error",
            fields: [("error", "\(error)"), ("exit_code", "\(ProcessRunner.exitCode(for: error).rawValue)")],
            file: #fileID, function: "run")
    }
}
