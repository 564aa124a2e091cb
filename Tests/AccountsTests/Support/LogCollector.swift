import Logging
import TestSupport

/// Everything that was logged, at every level, as text.
struct LogCollector: LogHandler {
    let lines: Recorder<String>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    static func logger(_ lines: Recorder<String>) -> Logger {
        Logger(label: "test") { _ in LogCollector(lines: lines) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.record("\(event.level) \(event.message) \(event.metadata ?? [:]) \(metadata)")
    }
}
