internal import Glibc
package import Logging

/// What every process of this project does around its own work: command line, logs, exit code.
package enum ProcessMain {
    /// Runs a process, and ends it with the code that tells its supervisor how it went.
    /// - Parameters:
    ///   - command: the process's command line.
    ///   - level: where the configuration keeps the log level.
    ///   - body: the process's work, with what it starts from and the log level of the process; returning means a graceful
    ///     stop.
    package static func run<Configuration: Sendable>(
        _ command: ProcessCommand<Configuration>, level: (Configuration) -> Logger.Level,
        body: (ProcessStart<Configuration>, SharedLogLevel, Logger) async throws -> Void
    ) async {
        let start = command.start()
        // Until it is listened for, a reload that is asked for must not end the process.
        signal(SIGHUP, SIG_IGN)
        let logLevel = JSONLogging.bootstrap(level: level(start.configuration))
        let logger = Logger(label: command.name)
        for warning in start.effective.warnings { logger.warning("configuration", metadata: ["warning": "\(warning)"]) }
        // Spool, ledger and delivered files hold events and licence keys: nothing of them for other users.
        umask(0o027)
        MemoryReuse.enable()
        // A reader of our output that goes away is no reason to die.
        BrokenPipe.ignoreSignal()
        do {
            try await body(start, logLevel, logger)
        } catch {
            let code = ProcessRunner.exitCode(for: error)
            logger.critical(
                "stopped by an error", metadata: ["error": "\(error)", "exit_code": "\(code.rawValue)"])
            ProcessExit(code: code).perform()
        }
    }
}
