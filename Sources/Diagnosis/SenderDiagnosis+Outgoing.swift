internal import Contract
internal import Store

/// What becomes of its events at the destinations.
extension SenderDiagnosis {
    var waiting: DiagnosisCheck {
        guard !figures.destinations.isEmpty else {
            guard figures.storedEvents > 0 else { return DiagnosisCheck(.waiting, .ok, "nothing") }
            return DiagnosisCheck(
                .waiting, .problem, "\(Ages.events(figures.storedEvents)), and no forwarder has ever run on this spool",
                next: "start telemetry-forwarder on the spool")
        }
        let waiting = destinations.filter { $0.waitingEvents > 0 }
        guard !waiting.isEmpty else {
            return figures.isComplete ? DiagnosisCheck(.waiting, .ok, "nothing") : notKnown(.waiting)
        }
        let worst = waiting.min { Self.severity($0, facts) > Self.severity($1, facts) } ?? waiting[0]
        let texts = waiting.map { "\(describeWaiting($0)) at \($0.name)" }
        let text = (figures.isComplete ? "" : "at least ") + texts.joined(separator: "; ")
        let (verdict, next) = Self.judge(worst, facts)
        return DiagnosisCheck(.waiting, verdict, text, next: next)
    }

    private func describeWaiting(_ destination: ClientFigures.Destination) -> String {
        let age = destination.oldestWaitingAt.map { ", the oldest for \(Ages.span(facts.now &- $0))" } ?? ""
        return "\(Ages.events(destination.waitingEvents))\(age)" + Self.cause(destination, facts)
    }

    private static func cause(_ destination: ClientFigures.Destination, _ facts: SenderFacts) -> String {
        guard facts.forwarderIsRunning else { return ", no forwarder is running" }
        guard let state = destination.state else { return "" }
        if state.isPaused { return ", paused (\(state.pauseReason.isEmpty ? "no reason given" : state.pauseReason))" }
        guard state.breaker != .closed else { return "" }
        return ", behind an open breaker (\(state.lastErrorCode): \(state.lastErrorMessage))"
    }

    private static func severity(_ destination: ClientFigures.Destination, _ facts: SenderFacts) -> Int {
        switch judge(destination, facts).verdict {
        case .problem: 2
        case .lookHere: 1
        default: 0
        }
    }

    private static func judge(
        _ destination: ClientFigures.Destination, _ facts: SenderFacts
    ) -> (verdict: DiagnosisVerdict, next: String?) {
        guard facts.forwarderIsRunning else { return (.problem, "start telemetry-forwarder on the spool") }
        if destination.state?.isPaused == true {
            return (
                .problem, "delivery is paused by an operator: `gatewayctl resume --destination \(destination.name)`"
            )
        }
        if let state = destination.state, state.breaker != .closed {
            return (
                .problem,
                "the destination fails (\(state.lastErrorCode)): mend it; what waits is delivered by itself then"
            )
        }
        let age = destination.oldestWaitingAt.map { facts.now &- $0 } ?? 0
        guard age > usualWait else { return (.ok, nil) }
        return (.lookHere, "a backlog is being delivered: see `gatewayctl status` for how long it takes")
    }

    var delivered: DiagnosisCheck {
        guard !destinations.isEmpty else { return notKnown(.delivered) }
        let waits = destinations.contains { $0.waitingEvents > 0 }
        let without = destinations.filter { $0.outcomes.delivered == 0 }
        let texts = destinations.map { destination in
            "\(Ages.events(destination.outcomes.delivered)) to \(destination.name)" + Self.last(destination, facts.now)
        }
        let text = texts.joined(separator: "; ")
        let given = destinations.map(Self.givenUp).filter { !$0.isEmpty }
        if !given.isEmpty {
            return DiagnosisCheck(
                .delivered, .lookHere, "\(text); given up: \(given.joined(separator: "; "))",
                next: "events were given up by a setting, by an operator or for damage: `gatewayctl audit --clients`")
        }
        guard !without.isEmpty else { return DiagnosisCheck(.delivered, .ok, text) }
        let accepted = max(sender?.accepted ?? 0, figures.storedEvents)
        guard accepted > 0 else {
            return DiagnosisCheck(.delivered, .ok, "nothing was accepted that could be delivered")
        }
        if waits || !figures.letters.isEmpty { return DiagnosisCheck(.delivered, .lookHere, text) }
        return DiagnosisCheck(.delivered, .notKnown, "\(text); the ledger may not know it by this name")
    }

    private static func last(_ destination: ClientFigures.Destination, _ now: Int64) -> String {
        guard destination.outcomes.delivered > 0 else { return "" }
        guard let receipt = destination.lastReceipt else { return ", no receipt is kept any more" }
        let name = receipt.messageID.map { " as message \($0)" } ?? receipt.place.map { " in \($0)" } ?? ""
        return ", the newest \(Ages.ago(receipt.deliveredAt, now: now))\(name)"
    }

    private static func givenUp(_ destination: ClientFigures.Destination) -> String {
        let counts: [(String, Int64)] = [
            ("expired", destination.outcomes.expired), ("purged", destination.outcomes.purged),
            ("damaged", destination.outcomes.damaged), ("skipped", destination.outcomes.skipped),
        ]
        let parts = counts.filter { $0.1 > 0 }.map { "\(Ages.events($0.1)) \($0.0)" }
        return parts.isEmpty ? "" : "\(parts.joined(separator: ", ")) at \(destination.name)"
    }

    var dead: DiagnosisCheck {
        guard !figures.letters.isEmpty else {
            return figures.destinations.isEmpty && sender == nil
                ? notKnown(.dead) : DiagnosisCheck(.dead, .ok, "none")
        }
        let texts = figures.letters.prefix(5).map { letters in
            "\(Ages.events(letters.events)) at \(letters.destination) (\(letters.reason), \(letters.code): "
                + "\(letters.message)), the newest is letter \(letters.newest)"
        }
        return DiagnosisCheck(
            .dead, .problem, texts.joined(separator: "; "),
            next:
                "read letter \(figures.letters[0].newest) with `gatewayctl dead-letters show \(figures.letters[0].newest)`; "
                + "mend the cause and replay them")
    }
}
