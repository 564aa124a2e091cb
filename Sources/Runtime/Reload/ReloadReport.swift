/// What came of reading the configuration again.
package struct ReloadReport: Sendable, Hashable {
    /// How it ended.
    package enum Result: String, Sendable, CaseIterable {
        /// Something is different, and what can change at run time has changed.
        case applied
        /// Nothing is different. Certificates and secrets were read again all the same.
        case unchanged
        /// The configuration has problems: the old one stays in force, whole.
        case refused
        /// The configuration is in force but for what `problems` names.
        case incomplete
    }

    /// The name of the executable.
    package var process: String
    /// When, in nanoseconds since 1970.
    package var at: Int64
    /// How it ended.
    package var result: Result
    /// Whether it was asked what would change, and nothing was changed.
    package var isDryRun: Bool
    /// The configuration file; nil for none.
    package var file: String?
    /// The keys that differ, by name; none when it was refused.
    package var changes: [ConfigurationChange]
    /// Everything that is wrong.
    package var problems: [String]

    /// Makes a report from its parts.
    package init(
        process: String, at: Int64, result: Result, isDryRun: Bool = false, file: String? = nil,
        changes: [ConfigurationChange] = [], problems: [String] = []
    ) {
        self.process = process
        self.at = at
        self.result = result
        self.isDryRun = isDryRun
        self.file = file
        self.changes = changes
        self.problems = problems
    }

    /// Whether the configuration is not, or not wholly, in force.
    package var hasFailed: Bool { result == .refused || result == .incomplete }

    /// The report as one JSON object.
    package var json: String {
        var text = "{\"process\":\(Self.quoted(process)),\"at\":\(Self.quoted(RFC3339.format(at)))"
        text += ",\"result\":\(Self.quoted(result.rawValue)),\"dry_run\":\(isDryRun)"
        text += ",\"file\":\(file.map(Self.quoted) ?? "null"),\"changes\":["
        text += changes.map {
            "{\"key\":\(Self.quoted($0.name)),\"old\":\(Self.quoted($0.old)),\"new\":\(Self.quoted($0.new))"
                + ",\"effect\":\(Self.quoted($0.effect.rawValue))}"
        }.joined(separator: ",")
        return text + "],\"problems\":[\(problems.map(Self.quoted).joined(separator: ","))]}"
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONText.appendQuoted(text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
