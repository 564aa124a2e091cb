package import Contract
package import Runtime

/// Everything that the doctor has looked at.
package struct DoctorReport: Sendable, Hashable {
    /// The spool directory.
    package let spool: String
    /// What was looked at, in a stable order.
    package let checks: [PreflightCheck]

    /// Makes a report from its parts.
    package init(spool: String, checks: [PreflightCheck]) {
        self.spool = spool
        self.checks = checks
    }

    /// Whether anything is a problem.
    package var hasProblems: Bool { checks.contains { $0.verdict == .problem } }

    /// The report for people, each line with its newline.
    package func text(style: TextStyle) -> String {
        let width = checks.map(\.name.count).max() ?? 0
        var text = ""
        for check in checks {
            let name = check.name + String(repeating: " ", count: width - check.name.count)
            text += "\(mark(check.verdict, style))  \(name)  \(TerminalText.clean(check.found))\n"
            if !check.advice.isEmpty {
                let indent = String(repeating: " ", count: Self.markColumns + width + 4)
                text += indent + style.detail("→ " + TerminalText.clean(check.advice)) + "\n"
            }
        }
        let counts = [(PreflightCheck.Verdict.problem, "problem", "problems"), (.warning, "warning", "warnings")].map {
            verdict, singular, plural in
            HumaneText.quantity(Int64(checks.count { $0.verdict == verdict }), singular, plural)
        }
        return text + counts.joined(separator: ", ") + "\n"
    }

    private static let markColumns = 11

    private func mark(_ verdict: PreflightCheck.Verdict, _ style: TextStyle) -> String {
        let text =
            switch verdict {
            case .ok: "ok"
            case .warning: "warning"
            case .problem: "problem"
            case .notChecked: "not checked"
            }
        let padding = String(repeating: " ", count: Self.markColumns - text.count)
        return switch verdict {
        case .ok: style.good(text) + padding
        case .warning: style.warning(text) + padding
        case .problem: style.failure(text) + padding
        case .notChecked: style.detail(text) + padding
        }
    }

    /// The report for programs. Names are stable.
    package var json: JSONValue {
        .members([
            ("spool", .string(spool)), ("ok", .bool(!hasProblems)),
            (
                "checks",
                .array(
                    checks.map { check in
                        .members([
                            ("name", .string(check.name)), ("verdict", .string(check.verdict.rawValue)),
                            ("found", .string(check.found)), ("advice", .string(check.advice)),
                        ])
                    })
            ),
        ])
    }
}
