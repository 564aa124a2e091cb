package import Contract
package import Runtime

extension ReloadReport {
    private static let nanosecondsPerSecond: Int64 = 1_000_000_000

    /// Reads what `json` gives; nil for anything else.
    package init?(_ json: JSONValue) {
        guard let process = json["process"]?.text, let result = json["result"]?.text.flatMap(Result.init(rawValue:)),
            let seconds = json["at"]?.text.flatMap(TimestampText.seconds), let changes = json["changes"]?.elements,
            let problems = json["problems"]?.elements
        else { return nil }
        self.init(
            process: process, at: seconds.multipliedReportingOverflow(by: Self.nanosecondsPerSecond).partialValue,
            result: result, isDryRun: json["dry_run"]?.flag ?? false, file: json["file"]?.text,
            changes: changes.compactMap(Self.change), problems: problems.compactMap(\.text))
    }

    private static func change(_ json: JSONValue) -> ConfigurationChange? {
        guard let name = json["key"]?.text, let old = json["old"]?.text, let new = json["new"]?.text,
            let effect = json["effect"]?.text.flatMap(ConfigurationChange.Effect.init(rawValue:))
        else { return nil }
        return ConfigurationChange(name: name, old: old, new: new, effect: effect)
    }
}
