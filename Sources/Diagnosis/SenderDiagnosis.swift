internal import Contract
internal import Store

/// What follows from the facts about a sender. Pure: a row of its test for each rule.
package struct SenderDiagnosis: Sendable {
    /// An instance exports every five minutes by default and every hour at the least: beyond, something is wrong.
    static let exporterSilence: Int64 = 2 * 3600 * 1_000_000_000
    /// A silence that is a problem and no longer only conspicuous.
    static let longSilence: Int64 = 24 * 3600 * 1_000_000_000
    /// What waits for longer than this waits for a reason.
    static let usualWait: Int64 = 60 * 1_000_000_000

    let facts: SenderFacts

    /// Prepares a diagnosis.
    package init(_ facts: SenderFacts) {
        self.facts = facts
    }

    /// The checklist, in the order in which the service's operation page had it.
    package var diagnosis: Diagnosis {
        guard facts.isKnown else { return unknown }
        return Diagnosis(
            subject: subject, sender: facts.sender,
            checks: [
                licenceTags, licence, version, lastStream, lastRefusal, quarantined, waiting, delivered, dead,
            ])
    }

    var sender: SenderRecord? { facts.sender }
    var figures: ClientFigures { facts.figures }
    var destinations: [ClientFigures.Destination] { figures.destinations.filter(\.isActive) }

    private var subject: String {
        guard let sender else { return facts.query.text }
        let name = sender.client.isEmpty ? "(no instance id)" : sender.client
        let kind = sender.kind == .managedService ? "managed service" : sender.source
        return "\(name) (\(kind)\(sender.externalURL.isEmpty ? "" : ", \(sender.externalURL)"))"
    }

    // MARK: - Nobody knows it

    private var unknown: Diagnosis {
        let check: DiagnosisCheck
        switch facts.directory {
        case .read:
            check = DiagnosisCheck(
                .lastStream, .problem, "nothing has ever come from it, not even a call that was refused",
                next:
                    "check on the instance: its version (nothing is exported before \(ExporterVersion.first)), a licence tag "
                    + "\(ExportMode.airGappedTag) or \(ExportMode.codyOnlyTag), and whether it reaches this address"
                    + hintForURL)
        case .absent:
            check = DiagnosisCheck(
                .lastStream, .notKnown, "no ingest that keeps a directory of senders has run on this spool",
                next: "start this version's ingest on the spool; what was sent before is only known by its events")
        case .unreadable(let reason):
            check = DiagnosisCheck(.lastStream, .notKnown, "the directory of senders can not be read: \(reason)")
        }
        return Diagnosis(subject: facts.query.text, checks: [check], isKnown: false)
    }

    private var hintForURL: String {
        guard case .url = facts.query else { return "" }
        return "; instances before \(ExporterVersion.externalURL) do not send their URL: ask by instance id"
    }

    func notKnown(_ subject: DiagnosisCheck.Subject) -> DiagnosisCheck {
        let why =
            switch facts.directory {
            case .unreadable(let reason): "the directory of senders can not be read: \(reason)"
            case .absent: "no ingest that keeps a directory of senders has run on this spool"
            case .read where !figures.isComplete: "there was no time to look at all of the spool"
            case .read where facts.sender == nil: "the directory of senders does not know it"
            case .read: "no forwarder has run on this spool yet"
            }
        return DiagnosisCheck(subject, .notKnown, why)
    }
}
