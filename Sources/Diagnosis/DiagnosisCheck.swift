/// One line of the checklist.
package struct DiagnosisCheck: Sendable, Hashable {
    /// What is looked at, in the order of the list. The names are part of the JSON.
    package enum Subject: String, Sendable, Hashable, CaseIterable {
        case event
        case licenceTags = "licence_tags"
        case licence
        case version
        case lastStream = "last_stream"
        case lastRefusal = "last_refusal"
        case quarantined
        case waiting
        case delivered
        case dead

        /// For people.
        package var title: String {
            switch self {
            case .event: "event"
            case .licenceTags: "licence tags"
            case .licence: "licence expiry"
            case .version: "exporter version"
            case .lastStream: "last stream"
            case .lastRefusal: "last refusal"
            case .quarantined: "quarantined"
            case .waiting: "waiting"
            case .delivered: "delivered"
            case .dead: "dead letters"
            }
        }
    }

    /// What is looked at.
    package let subject: Subject
    /// What it comes to.
    package let verdict: DiagnosisVerdict
    /// What was found, for people. One line; may hold what a client has sent.
    package let text: String
    /// What to do about it; nil for nothing.
    package let next: String?

    /// Makes a check.
    package init(_ subject: Subject, _ verdict: DiagnosisVerdict, _ text: String, next: String? = nil) {
        self.subject = subject
        self.verdict = verdict
        self.text = text
        self.next = next
    }
}
