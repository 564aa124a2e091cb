package import Logging

/// Writes each log event as one JSON object on one line.
///
/// Keys, in this order: `timestamp` (RFC 3339, milliseconds, UTC), `level`, `logger`, `message`, then the metadata and the error of
/// the event (`error`), sorted; nested dictionaries become dotted keys. Metadata named like one of the first four gets the
/// prefix `metadata.`.
package struct JSONLogHandler: LogHandler {
    private static let reservedKeys: Set<String> = ["timestamp", "level", "logger", "message", "truncated"]

    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let sharedLevel: SharedLogLevel
    private var ownLevel: Logger.Level?
    private let output: LogOutput
    private let errors: ErrorLogObserver
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - errors: told of events at error level and above.
    ///   - now: nanoseconds since 1970.
    package init(
        label: String, level: SharedLogLevel, output: LogOutput = .standardError,
        metadataProvider: Logger.MetadataProvider? = nil, errors: ErrorLogObserver = .shared,
        now: @escaping @Sendable () -> Int64 = WallClock.now
    ) {
        self.label = label
        self.sharedLevel = level
        self.output = output
        self.metadataProvider = metadataProvider
        self.errors = errors
        self.now = now
    }

    /// The level set on this logger, or else the shared one.
    package var logLevel: Logger.Level {
        get { ownLevel ?? sharedLevel.level }
        set { ownLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var line = LogLineBuilder()
        let (now, fields) = (now(), fields(of: event))
        line.append("timestamp", .string(RFC3339.format(now)))
        line.append("level", .string(event.level.rawValue))
        line.append("logger", .string(label))
        line.append("message", .string(event.message.description))
        for (key, value) in fields { line.append(key, value) }
        output.write(line.finish())
        guard event.level >= .error else { return }
        errors.tell {
            ErrorLogRecord(
                at: now, level: event.level, logger: label, message: event.message.description,
                fields: fields.map { ($0.key, $0.value.description) }, file: event.file, function: event.function)
        }
    }

    private func fields(of event: LogEvent) -> [(key: String, value: Logger.MetadataValue)] {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { _, new in new } }
        if let own = event.metadata { merged.merge(own) { _, new in new } }
        var flat: [String: Logger.MetadataValue] = [:]
        flat.reserveCapacity(merged.count + 1)
        for (key, value) in merged { Self.flatten(key, value, into: &flat) }
        if let error = event.error {
            if let shadowed = flat["error"] { flat["metadata.error"] = shadowed }
            flat["error"] = .string(String(describing: error))
        }
        return flat.sorted { $0.key < $1.key }
    }

    private static func flatten(
        _ key: String, _ value: Logger.MetadataValue, into flat: inout [String: Logger.MetadataValue]
    ) {
        if case .dictionary(let members) = value {
            for (name, member) in members { flatten("\(key).\(name)", member, into: &flat) }
        } else {
            flat[reservedKeys.contains(key) ? "metadata.\(key)" : key] = value
        }
    }
}
