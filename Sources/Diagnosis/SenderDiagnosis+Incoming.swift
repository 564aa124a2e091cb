internal import Contract
internal import Store

/// What comes in from it, and what is refused.
extension SenderDiagnosis {
    var lastStream: DiagnosisCheck {
        guard let sender else {
            let stored = figures.newestStoredAt.map { "its newest stored event came \(Ages.ago($0, now: facts.now))" }
            return DiagnosisCheck(.lastStream, .notKnown, stored ?? "only the ledger knows it")
        }
        guard let at = sender.lastActiveAt else {
            return DiagnosisCheck(
                .lastStream, .problem, "no call of it was ever admitted",
                next: sender.lastRefusal == nil ? "see why its calls end before they begin" : nil)
        }
        let how =
            switch sender.lastOrigin {
            case .unary: "a single call"
            case .http: "HTTP"
            default: "a stream"
            }
        let sums =
            "\(Ages.events(sender.accepted)) accepted in \(Ages.count(sender.streams, "call", "calls")) so far"
            + (sender.duplicates > 0 ? ", \(Ages.events(sender.duplicates)) of these sent again" : "")
        let text = "\(how), \(Ages.ago(at, now: facts.now)); \(sums)"
        let silence = facts.now &- at
        let advice =
            "it is silent: check that the instance runs and reaches this address, and the queue's size there "
            + "(src_telemetrygatewayexporter_queue_size)"
        if sender.kind == .managedService {
            // It sends when it has something; there is no interval to go by.
            return silence > Self.longSilence
                ? DiagnosisCheck(
                    .lastStream, .lookHere, text, next: "it is silent: ask its owners whether it should be")
                : DiagnosisCheck(.lastStream, .ok, text)
        }
        if silence > Self.longSilence { return DiagnosisCheck(.lastStream, .problem, text, next: advice) }
        if silence > Self.exporterSilence { return DiagnosisCheck(.lastStream, .lookHere, text, next: advice) }
        if sender.batches == 0 {
            return DiagnosisCheck(
                .lastStream, .lookHere, "\(text); no stream had events in it",
                next: "it calls and sends no events: look at its queue and at what its licence lets it export")
        }
        return DiagnosisCheck(.lastStream, .ok, text)
    }

    /// Whether its last call was refused: nothing was admitted or recorded since.
    var refusalHolds: Bool {
        guard let refusal = sender?.lastRefusal else { return false }
        return refusal.at >= max(sender?.lastEventsAt ?? .min, sender?.lastStreamAt ?? .min)
    }

    var lastRefusal: DiagnosisCheck {
        guard let sender else { return notKnown(.lastRefusal) }
        guard let refusal = sender.lastRefusal else { return DiagnosisCheck(.lastRefusal, .ok, "none") }
        let reasons = sender.refusalsByReason.map { "\($0.reason) \($0.count)" }.joined(separator: ", ")
        let licence = refusal.licence.isEmpty ? "" : ", licence \(refusal.licence)"
        let text =
            "\(refusal.code) “\(refusal.message)”\(licence), \(Ages.ago(refusal.at, now: facts.now)); "
            + "\(Ages.count(sender.refusals, "call", "calls")) refused (\(reasons))"
        if refusalHolds {
            return DiagnosisCheck(.lastRefusal, .problem, text, next: Self.advice(on: refusal.reason))
        }
        guard facts.now &- refusal.at <= Self.longSilence else {
            return DiagnosisCheck(.lastRefusal, .ok, "\(text); calls are admitted since")
        }
        return DiagnosisCheck(
            .lastRefusal, .lookHere, "\(text); calls are admitted since", next: Self.advice(on: refusal.reason))
    }

    private static func advice(on reason: String) -> String {
        switch reason {
        case "licence":
            "it sends a licence key that is refused: give the instance a valid one (the gateway knows the keys in "
                + "GATEWAY_LICENSE_PUBLIC_KEY_FILE)"
        case "unauthenticated", "permission_denied":
            "its token is refused: it needs a client-credentials token with the scope telemetry_gateway::events::write"
        case "account_service_unavailable": "tokens can not be verified: see whether the account service answers"
        case "identity_missing": "it does not say who it is: look at the identifier that it sends"
        case "client_share":
            "too much of it waits for delivery: see “waiting”; it sends again by itself, or raise GATEWAY_CLIENT_SHARE"
        case "spool_full", "spool_unavailable":
            "the spool takes nothing: see `gatewayctl status` for its space and the disk under it"
        case "too_large": "its messages are too large, or it reads no answers: see the text of the refusal"
        case "malformed", "protocol_violation":
            "what it sends is not what the contract says: see the text of the refusal"
        default: "see the text of the refusal"
        }
    }

    var quarantined: DiagnosisCheck {
        let known = sender?.quarantined ?? 0
        let kept = figures.quarantined.reduce(0) { $0 + $1.events }
        guard known > 0 || kept > 0 else {
            return sender == nil && !figures.isComplete
                ? notKnown(.quarantined) : DiagnosisCheck(.quarantined, .ok, "none")
        }
        let reasons: [(String, Int64)] =
            sender.map { $0.quarantinedByReason.map { ($0.reason, $0.count) } }.flatMap { $0.isEmpty ? nil : $0 }
            ?? figures.quarantined.map { ($0.reason, $0.events) }
        var text = "\(Ages.events(max(known, kept))) (\(reasons.map { "\($0.0) \($0.1)" }.joined(separator: ", ")))"
        if let newest = figures.quarantined.max(by: { $0.newestAt < $1.newestAt }) {
            text += "; the newest is \(newest.newest), \(Ages.ago(newest.newestAt, now: facts.now)): \(newest.detail)"
        }
        let accepted = sender?.accepted ?? figures.storedEvents
        return DiagnosisCheck(
            .quarantined, accepted == 0 ? .problem : .lookHere,
            text + (accepted == 0 ? "; not one event was accepted" : ""),
            next:
                "read quarantined events with `gatewayctl dead-letters list --kind quarantine`; they can be mended and "
                + "replayed, and the sender should be")
    }
}
