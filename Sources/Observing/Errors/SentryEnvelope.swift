internal import Logging
internal import Runtime

/// An error as an envelope: a line of headers, a line that describes the one item, and the event as JSON.
struct SentryEnvelope {
    /// Fields of the log event that are sent, and bytes of each.
    static let maximumFields = 32
    static let maximumFieldBytes = 1024

    /// Names of the deployment, the same for every event.
    struct Origin: Sendable {
        var process: String
        var release: String
        var environment: String?
        var host: String
    }

    let bytes: [UInt8]

    /// - Parameters:
    ///   - identifier: 32 hexadecimal digits.
    ///   - now: nanoseconds since 1970.
    init(_ report: ErrorReport, origin: Origin, identifier: String, now: Int64) {
        let event = Self.event(report, origin: origin, identifier: identifier)
        var bytes: [UInt8] = Array("{\"event_id\":\"\(identifier)\",\"sent_at\":\"\(RFC3339.format(now))\"}\n".utf8)
        bytes += Array("{\"type\":\"event\",\"content_type\":\"application/json\",\"length\":\(event.count)}\n".utf8)
        self.bytes = bytes + event + [UInt8(ascii: "\n")]
    }

    private static func event(_ report: ErrorReport, origin: Origin, identifier: String) -> [UInt8] {
        let record = report.record
        var object = JSONObjectBuilder()
        object.add("event_id", identifier)
        object.add("timestamp", RFC3339.format(record.at))
        object.add("platform", "other")
        object.add("level", record.level == .critical ? "fatal" : "error")
        object.add("logger", record.logger)
        object.add("release", origin.release)
        if let environment = origin.environment { object.add("environment", environment) }
        object.add("server_name", origin.host)
        var message = JSONObjectBuilder()
        message.add("formatted", cut(record.message))
        object.add("logentry", message)
        object.add("fingerprint", [origin.process, report.group.place, report.group.code])
        var tags = JSONObjectBuilder()
        tags.add("process", origin.process)
        tags.add("code", report.group.code)
        object.add("tags", tags)
        var extra = JSONObjectBuilder()
        for field in record.fields.prefix(maximumFields) where field.name != "suppressed" {
            extra.add(field.name, cut(field.value))
        }
        // What the log left out of its lines comes on top of what was left out here.
        extra.add("suppressed", report.suppressed)
        if let logged = record[field: "suppressed"] { extra.add("suppressed_in_log", logged) }
        extra.add("place", report.group.place)
        object.add("extra", extra)
        return object.finish()
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > maximumFieldBytes else { return text }
        return String(text.prefix(maximumFieldBytes / 4)) + "…"
    }
}
