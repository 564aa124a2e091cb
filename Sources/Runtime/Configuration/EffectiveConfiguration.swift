/// The configuration in force: every declared key with its value and where the value came from.
package struct EffectiveConfiguration: Sendable, Equatable {
    /// Every key that was read, in the order of declaration.
    package var keys: [ConfigurationKey]
    /// Things that are not wrong but worth telling the operator.
    package var warnings: [String]

    package init(keys: [ConfigurationKey], warnings: [String]) {
        self.keys = keys
        self.warnings = warnings
    }

    /// Aligned `KEY=value  # source` lines, sorted by key, secrets redacted; safe to print and to log.
    package var lines: [String] {
        let assignments = keys.sorted { $0.name < $1.name }
            .map { key in ("\(key.name)=\(key.effectiveText)", key.value == nil ? "not set" : key.source.description) }
        let width = assignments.map(\.0.count).max() ?? 0
        return assignments.map { assignment, source in
            assignment + String(repeating: " ", count: width - assignment.count) + "  # " + source
        }
    }
}
