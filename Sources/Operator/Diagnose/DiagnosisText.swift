package import Diagnosis

/// A diagnosis as people read it.
package enum DiagnosisText {
    /// The whole report.
    package static func text(_ report: DiagnosisReport, style: TextStyle) -> String {
        report.diagnoses.map { text($0, style: style) }.joined(separator: "\n")
    }

    private static func text(_ diagnosis: Diagnosis, style: TextStyle) -> String {
        var text = style.heading(TerminalText.clean(diagnosis.subject)) + "\n"
        let verdictWidth = DiagnosisVerdict.allCases.map(\.text.count).max() ?? 0
        let titleWidth = diagnosis.checks.map(\.subject.title.count).max() ?? 0
        for check in diagnosis.checks {
            let verdict = check.verdict.text.padded(to: verdictWidth)
            text += "  \(emphasised(verdict, check.verdict, style))  "
            text += "\(check.subject.title.padded(to: titleWidth))  \(TerminalText.clean(check.text))\n"
        }
        let next = diagnosis.next
        guard !next.isEmpty else {
            return text + (diagnosis.outcome == .fine ? "\(style.good("nothing to do"))\n" : "")
        }
        text += "what to do next\n"
        for (index, step) in next.enumerated() { text += "  \(index + 1). \(TerminalText.clean(step))\n" }
        return text
    }

    private static func emphasised(_ text: String, _ verdict: DiagnosisVerdict, _ style: TextStyle) -> String {
        switch verdict {
        case .ok: style.good(text)
        case .lookHere: style.warning(text)
        case .problem: style.failure(text)
        case .notKnown: style.detail(text)
        }
    }
}

extension String {
    /// With spaces behind, up to so many characters.
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
