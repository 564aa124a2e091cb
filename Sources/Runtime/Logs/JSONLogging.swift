package import Logging

/// Sets up logging for a process.
package enum JSONLogging {
    /// The key that holds the level.
    package static let levelKey = "GATEWAY_LOG_LEVEL"

    /// Declares and reads `GATEWAY_LOG_LEVEL`; call it in each process's configuration.
    package static func readLevel(_ reader: inout ConfigurationReader) -> Logger.Level {
        reader.choice(levelKey, default: Logger.Level.info, meaning: "Log events below this level are not written.")
    }

    /// Makes every logger of the process write JSON lines to standard error. Call once, in main.
    ///
    /// - Returns: the level of the whole process, which may be changed at any time.
    @discardableResult
    package static func bootstrap(level: Logger.Level) -> SharedLogLevel {
        let shared = SharedLogLevel(level)
        LoggingSystem.bootstrap(
            { label, provider in JSONLogHandler(label: label, level: shared, metadataProvider: provider) },
            metadataProvider: nil)
        return shared
    }
}
