internal import Store

/// What follows from the facts about an event. Pure: a row of its test for each rule.
package struct EventDiagnosis: Sendable {
    private let facts: EventFacts

    /// Prepares a diagnosis.
    package init(_ facts: EventFacts) {
        self.facts = facts
    }

    /// The checklist.
    package var diagnosis: Diagnosis {
        let subject = "event \(facts.id)"
        guard let place = facts.place else {
            return Diagnosis(subject: subject, checks: [notFound], isKnown: false)
        }
        let found = DiagnosisCheck(
            .event, place.refusal == nil ? .ok : .lookHere,
            "received \(Ages.ago(place.receivedAt, now: facts.now)) from \(place.client) (\(place.source)), "
                + (place.refusal == nil
                    ? "segment \(place.segment), batch \(place.batch), event \(place.event)" : "not accepted"))
        guard place.refusal == nil else {
            return Diagnosis(subject: subject, place: place, checks: [found, quarantined])
        }
        return Diagnosis(
            subject: subject, place: place, checks: [found, quarantined, waiting, delivered, dead])
    }

    private var notFound: DiagnosisCheck {
        let searched = facts.search
        var text = "not found in \(Ages.count(Int64(searched.segments), "segment", "segments"))"
        if let oldest = searched.oldestAt { text += ", which go back to \(Ages.ago(oldest, now: facts.now))" }
        if !searched.isComplete { text += "; not all of the spool was searched" }
        return DiagnosisCheck(
            .event, .notKnown, text,
            next: searched.isComplete
                ? "either it never came, or it was delivered and its segment is gone (GATEWAY_RETENTION): ask for its sender"
                : "search with `gatewayctl diagnose --event`, which looks at all of the spool")
    }

    private var destinations: [EventPlace.Destination] { facts.place?.destinations.filter(\.isActive) ?? [] }

    private var quarantined: DiagnosisCheck {
        guard let refusal = facts.place?.refusal else { return DiagnosisCheck(.quarantined, .ok, "no") }
        return DiagnosisCheck(
            .quarantined, .problem, "\(refusal.reason): \(refusal.detail); kept as \(refusal.id)",
            next: "read it with `gatewayctl dead-letters show \(refusal.id)`; it can be mended and replayed")
    }

    private var waiting: DiagnosisCheck {
        let waiting = destinations.filter { $0.fate == .waiting }
        guard let place = facts.place, !waiting.isEmpty else {
            guard destinations.isEmpty else { return DiagnosisCheck(.waiting, .ok, "no") }
            return DiagnosisCheck(
                .waiting, .problem, "no forwarder has ever run on this spool",
                next: "start telemetry-forwarder on the spool")
        }
        // One event waits as one sender's events do.
        var sender = SenderFacts(now: facts.now, query: .event(facts.id))
        sender.forwarderIsRunning = facts.forwarderIsRunning
        sender.figures.storedEvents = 1
        sender.figures.destinations = waiting.map { part in
            var destination = ClientFigures.Destination(name: part.name)
            destination.state = part.state
            destination.waitingEvents = 1
            destination.oldestWaitingAt = place.receivedAt
            return destination
        }
        let checks = SenderDiagnosis(sender).diagnosis.checks
        return checks.first { $0.subject == .waiting } ?? DiagnosisCheck(.waiting, .lookHere, "yes")
    }

    private var delivered: DiagnosisCheck {
        var texts: [String] = []
        var verdict = DiagnosisVerdict.ok
        for destination in destinations {
            switch destination.fate {
            case .delivered(let receipt?):
                let name = receipt.messageID.map { " as message \($0)" } ?? receipt.place.map { " in \($0)" } ?? ""
                texts.append("to \(destination.name) \(Ages.ago(receipt.deliveredAt, now: facts.now))\(name)")
            case .delivered(nil): texts.append("to \(destination.name)")
            case .resolved:
                verdict = .notKnown
                texts.append(
                    "\(destination.name) needs it no more, and no receipt says how: delivered, or given up by a setting or an "
                        + "operator")
            case .waiting, .dead: texts.append("not to \(destination.name)")
            }
        }
        if verdict == .ok, destinations.contains(where: { if case .delivered = $0.fate { false } else { true } }) {
            verdict = .lookHere
        }
        guard !destinations.isEmpty else { return DiagnosisCheck(.delivered, .lookHere, "nowhere") }
        return DiagnosisCheck(.delivered, verdict, texts.joined(separator: "; "))
    }

    private var dead: DiagnosisCheck {
        for destination in destinations {
            guard case .dead(let letter, let code, let message) = destination.fate else { continue }
            return DiagnosisCheck(
                .dead, .problem, "letter \(letter) at \(destination.name) (\(code): \(message))",
                next: "read it with `gatewayctl dead-letters show \(letter)`; mend the cause and replay it")
        }
        return DiagnosisCheck(.dead, .ok, "no")
    }
}
