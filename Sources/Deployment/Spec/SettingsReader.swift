internal import Runtime

/// Reads `env` and `secretEnv`: names must be settings of this project, or nothing would read them.
struct SettingsReader {
    /// What the generated files set themselves.
    static let reserved: Set<String> = ["PORT", "GATEWAY_SPOOL_DIRECTORY", "GATEWAY_FORWARDER_PORT"]

    let names: SettingNames
    /// Values of `{{ .Name }}`.
    let templates: [String: String]

    /// Settings with their values, templates filled in.
    func settings(_ entries: [SpecEntry]) -> [String: String] {
        var settings: [String: String] = [:]
        for entry in entries {
            check(entry)
            if let value = entry.text() { settings[entry.name] = filled(value, entry) }
        }
        return settings
    }

    /// Settings with the names of their secrets.
    func secrets(_ entries: [SpecEntry], besides settings: [String: String]) -> [String: String] {
        var secrets: [String: String] = [:]
        for entry in entries {
            check(entry)
            if settings[entry.name] != nil { entry.problem("is in env as well; keep one") }
            if let name = entry.text(.secretName) { secrets[entry.name] = name }
        }
        return secrets
    }

    private func check(_ entry: SpecEntry) {
        if Self.reserved.contains(entry.name) {
            entry.problem("is set by the generated files themselves; remove it")
        } else if !names.all.contains(entry.name) {
            let hint = EditDistance.nearest(to: entry.name, in: names.all).map { "did you mean \($0)?" }
            entry.problem(
                "is no setting of the gateway; \(hint ?? "telemetry-ingest --help and telemetry-forwarder --help list them")"
            )
        }
    }

    private func filled(_ value: String, _ entry: SpecEntry) -> String {
        value.replacing(/\{\{\s*\.?([A-Za-z]*)\s*\}\}/) { match in
            let name = String(match.1)
            if let replacement = templates[name], !replacement.isEmpty { return replacement }
            // A project that is wrong is said to be wrong already.
            if name == "ProjectID" { return "" }
            let why = templates[name] == nil ? "is no template" : "has no value here, because there is no domain"
            entry.problem(
                "{{ .\(name) }} \(why); allowed: \(templates.keys.sorted().map { "{{ .\($0) }}" }.joined(separator: ", "))"
            )
            return ""
        }
    }
}
