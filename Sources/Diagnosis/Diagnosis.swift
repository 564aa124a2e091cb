package import Store

/// The checklist for one sender or one event.
package struct Diagnosis: Sendable, Hashable {
    /// Who or what it is about, for people.
    package let subject: String
    /// What the directory knows of the sender; nil for nothing.
    package let sender: SenderRecord?
    /// Where the event is; nil for a sender, and for an event that was not found.
    package let place: EventPlace?
    /// In the order in which they are to be read.
    package let checks: [DiagnosisCheck]
    /// Whether anything is known at all.
    package let isKnown: Bool

    /// Makes a diagnosis.
    package init(
        subject: String, sender: SenderRecord? = nil, place: EventPlace? = nil, checks: [DiagnosisCheck],
        isKnown: Bool = true
    ) {
        self.subject = subject
        self.sender = sender
        self.place = place
        self.checks = checks
        self.isKnown = isKnown
    }

    /// What it comes to.
    package var outcome: DiagnosisOutcome {
        guard isKnown else { return .unknown }
        return checks.contains { $0.verdict == .lookHere || $0.verdict == .problem } ? .trouble : .fine
    }

    /// What to do, the problems first.
    package var next: [String] {
        var seen: Set<String> = []
        let ordered = checks.filter { $0.verdict == .problem } + checks.filter { $0.verdict != .problem }
        return ordered.compactMap(\.next).filter { seen.insert($0).inserted }
    }

    /// The verdict of a check; nil when it was not made.
    package subscript(_ subject: DiagnosisCheck.Subject) -> DiagnosisVerdict? {
        checks.first { $0.subject == subject }?.verdict
    }
}
