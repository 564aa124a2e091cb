/// The Prometheus text exposition format, version 0.0.4.
enum PrometheusText {
    /// The value of the Content-Type header.
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    static func append(_ name: String, _ labels: String, _ value: String, to text: inout String) {
        text += labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
    }

    /// `a="b",c="d"`, sorted by name, names sanitised, values escaped; the last of several labels of one name counts.
    static func labels(_ dimensions: [(String, String)]) -> String {
        var values: [String: String] = [:]
        for (name, value) in dimensions { values[MetricName.sanitisedLabel(name)] = value }
        return values.sorted { $0.key < $1.key }
            .map { "\($0.key)=\"\(escapedLabelValue($0.value))\"" }.joined(separator: ",")
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if let integer = Int64(exactly: value), abs(value) < 1e15 { return String(integer) }
        return value.description
    }

    static func escapedHelp(_ text: String) -> String { escaped(text, quotes: false) }

    static func escapedLabelValue(_ text: String) -> String { escaped(text, quotes: true) }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
