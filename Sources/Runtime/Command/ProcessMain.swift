internal import Glibc
package import Logging

/// What every process of this project does around its own work: command line, logs, exit code.
package enum ProcessMain {
    /// Runs a process, and ends it with the code that tells its supervisor how it went.
    /// - Parameters:
    ///   - command: the process's command line.
    ///   - level: where the configuration keeps the log level.
    ///   - body: the process's work; returning means a graceful stop.
    package static func run<Configuration: Sendable>(
        _ command: ProcessCommand<Configuration>, level: (Configuration) -> Logger.Level,
        body: (Configuration, Logger) async throws -> Void
    ) async {
        let (configuration, effective) = command.start()
        JSONLogging.bootstrap(level: level(configuration))
        let logger = Logger(label: command.name)
        for warning in effective.warnings { logger.warning("configuration", metadata: ["warning": "\(warning)"]) }
        // Spool, ledger and delivered files hold events and licence keys: nothing of them for other users.
        umask(0o027)
        MemoryReuse.enable()
        // A reader of our output that goes away is no reason to die.
        BrokenPipe.ignoreSignal()
        do {
            try await body(configuration, logger)
        } catch {
            let code = ProcessRunner.exitCode(for: error)
            logger.critical(
                "stopped by an error", metadata: ["error": "\(error)", "exit_code": "\(code.rawValue)"])
            ProcessExit(code: code).perform()
        }
    }
}
