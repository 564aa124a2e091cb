package import Runtime

/// What came of a reload, for people.
package struct ReloadText: Sendable {
    private let style: TextStyle

    /// Writes in a style.
    package init(style: TextStyle) {
        self.style = style
    }

    /// Everything about a report, each line with its newline.
    package func whole(_ report: ReloadReport) -> String {
        var text = style.heading(report.process) + ": \(headline(report))\n"
        let width = report.changes.map(\.name.count).max() ?? 0
        for change in report.changes {
            let name = change.name + String(repeating: " ", count: width - change.name.count)
            text += "  \(name)  \(TerminalText.clean("\(change.old) → \(change.new)"))\(note(change.effect))\n"
        }
        for problem in report.problems { text += "  \(style.failure(TerminalText.clean(problem)))\n" }
        return text
    }

    /// A report in some words, for the status.
    package func summary(_ report: ReloadReport, now: Int64) -> String {
        let age = "\(HumaneText.span(max(0, now - report.at))) ago"
        guard !report.hasFailed else {
            let problems = HumaneText.quantity(Int64(report.problems.count), "problem", "problems")
            let what = report.result == .refused ? "refused, the old one is in force" : "not wholly in force"
            return style.failure("\(report.process): \(what)") + " (\(problems), \(age))"
        }
        let restart = report.changes.count { $0.effect == .needsRestart }
        let keys = HumaneText.quantity(Int64(report.changes.count), "key", "keys")
        return "\(report.process) reloaded \(age), \(keys) changed"
            + (restart > 0 ? style.warning(", \(restart) of them after a restart") : "")
    }

    private func headline(_ report: ReloadReport) -> String {
        let file = report.file.map { " (\(TerminalText.clean($0)))" } ?? ""
        return switch (report.result, report.isDryRun) {
        case (.refused, true): style.failure("would be refused") + file
        case (.refused, false): style.failure("refused: the old configuration stays in force") + file
        case (.incomplete, _): style.warning("reloaded, but not wholly") + file
        case (.unchanged, _): "nothing is different" + file
        case (.applied, true): "would change" + file
        case (.applied, false): style.good("reloaded") + file
        }
    }

    private func note(_ effect: ConfigurationChange.Effect) -> String {
        switch effect {
        case .applied: ""
        case .needsRestart: "  " + style.warning("needs a restart")
        case .outranked: "  " + style.warning("no effect: the environment outranks the file")
        }
    }
}
