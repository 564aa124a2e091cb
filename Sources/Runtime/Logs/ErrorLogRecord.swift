package import Logging

/// A log event at error level or above, for whoever tells somebody about errors besides the log.
package struct ErrorLogRecord: Sendable {
    /// Nanoseconds since 1970.
    package var at: Int64
    /// `error` or `critical`.
    package var level: Logger.Level
    /// The logger's label.
    package var logger: String
    /// The event's text; the same for every event of its kind.
    package var message: String
    /// What the log line has besides, as texts; sorted by name.
    package var fields: [(name: String, value: String)]
    /// Where in the source the event was made: `Room/File.swift`.
    package var file: String
    /// In which function.
    package var function: String

    /// Makes it from its parts.
    package init(
        at: Int64, level: Logger.Level, logger: String, message: String, fields: [(name: String, value: String)],
        file: String, function: String
    ) {
        self.at = at
        self.level = level
        self.logger = logger
        self.message = message
        self.fields = fields
        self.file = file
        self.function = function
    }

    /// A field; nil when there is none of this name.
    package subscript(field name: String) -> String? { fields.first { $0.name == name }?.value }
}
