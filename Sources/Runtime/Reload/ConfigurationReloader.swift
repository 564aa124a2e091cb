package import Logging

/// Reads the configuration of a running process again and puts in force what has changed. One reload at a time.
package actor ConfigurationReloader<Configuration: Sendable>: ConfigurationReloading {
    private let start: ProcessStart<Configuration>
    private let plan: ReloadPlan<Configuration>
    private let metrics: ReloadMetrics
    private let logger: Logger
    private var inForce: EffectiveConfiguration
    private var fileSettings: Int?
    /// The reload that was asked for last; the next one waits for it.
    private var running: Task<ReloadReport, Never>?

    /// What came of the last reload that was no dry run; nil before the first.
    package private(set) var last: ReloadReport?

    /// - Parameter plan: what the process does with a new configuration.
    package init(
        start: ProcessStart<Configuration>, plan: ReloadPlan<Configuration>, registry: PrometheusRegistry,
        logger: Logger
    ) {
        self.start = start
        self.plan = plan
        self.logger = logger
        metrics = ReloadMetrics(registry: registry)
        inForce = start.effective
    }

    package func reload(isDryRun: Bool, file: String?) async -> ReloadReport {
        let previous = running
        let task = Task {
            _ = await previous?.value
            return await perform(isDryRun: isDryRun, file: file)
        }
        running = task
        return await task.value
    }

    private func perform(isDryRun: Bool, file: String?) async -> ReloadReport {
        // Another file than the process's own is looked at only.
        let path = isDryRun ? file ?? start.path : start.path
        var report = ReloadReport(
            process: start.process, at: WallClock.now(), result: .unchanged, isDryRun: isDryRun, file: path)
        do {
            let reading = try start.read(path)
            if reading.fileSettings == 0, inForce.keys.contains(where: { $0.source == .file }) {
                throw Self.emptied(path)
            }
            let difference = ConfigurationDifference(
                from: inForce, to: reading.effective, isReloadable: plan.isReloadable)
            report.changes = difference.changes
            report.result = difference.changes.isEmpty ? .unchanged : .applied
            let commit = try await plan.prepare(reading.configuration)
            guard !isDryRun else { return report }
            // Before they are in force: one of them may be the log level.
            announce(difference.changes)
            report.problems = await commit()
            if !report.problems.isEmpty { report.result = .incomplete }
            inForce = difference.inForce
        } catch {
            report.result = .refused
            report.changes = []
            report.problems = (error as? ConfigurationError)?.problems.map(\.description) ?? ["\(error)"]
            guard !isDryRun else { return report }
        }
        announce(report)
        metrics.record(report)
        last = report
        return report
    }

    /// A file that has lost everything was most likely cut off while it was written.
    private static func emptied(_ path: String?) -> ConfigurationError {
        ConfigurationError(problems: [
            ConfigurationProblem(
                code: .unreadableFile, key: nil,
                message:
                    "\(path ?? "the file") sets no key any more: write what is to be in force, or restart without it")
        ])
    }

    private func announce(_ changes: [ConfigurationChange]) {
        for change in changes {
            let metadata: Logger.Metadata = [
                "key": "\(change.name)", "old": "\(change.old)", "new": "\(change.new)",
                "effect": "\(change.effect.rawValue)",
            ]
            switch change.effect {
            case .applied: logger.notice("configuration: a key has changed", metadata: metadata)
            case .needsRestart:
                logger.warning("configuration: a key has changed that needs a restart", metadata: metadata)
            case .outranked:
                logger.warning(
                    "configuration: a key has changed in the file, and the environment outranks it", metadata: metadata)
            }
        }
    }

    private func announce(_ report: ReloadReport) {
        guard report.hasFailed else {
            logger.notice(
                "configuration reloaded",
                metadata: [
                    "result": "\(report.result.rawValue)", "file": "\(report.file ?? "")",
                    "changed_keys": "\(report.changes.count)",
                ])
            return
        }
        for problem in report.problems {
            logger.error(
                report.result == .refused
                    ? "configuration not reloaded: the old one stays in force"
                    : "configuration reloaded, but for this",
                metadata: ["error": "\(problem)", "file": "\(report.file ?? "")"])
        }
    }
}
