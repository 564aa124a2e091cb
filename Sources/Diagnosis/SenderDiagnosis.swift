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

    private let facts: SenderFacts

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

    private var sender: SenderRecord? { facts.sender }
    private var figures: ClientFigures { facts.figures }
    private var destinations: [ClientFigures.Destination] { figures.destinations.filter(\.isActive) }

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

    // MARK: - Licence

    private var licenceTags: DiagnosisCheck {
        guard let sender else { return notKnown(.licenceTags) }
        if sender.kind != .licensedInstance { return DiagnosisCheck(.licenceTags, .ok, noLicence(sender)) }
        guard let licence = sender.licence else {
            return DiagnosisCheck(.licenceTags, .notKnown, "no genuine licence key has come from it")
        }
        let tags = licence.tags.isEmpty ? "no tags" : "tags \(licence.tags.joined(separator: ", "))"
        let named = "licence \(licence.digest), \(tags)"
        switch ExportMode(licence: LicenceInformation(licence)) {
        case .all: return DiagnosisCheck(.licenceTags, .ok, "\(named): all events are exported")
        case .disabled:
            // An instance that sends all the same was told so by its own environment.
            return DiagnosisCheck(
                .licenceTags, sender.accepted == 0 ? .problem : .lookHere,
                "\(named): \(ExportMode.airGappedTag) disables the export"
                    + (sender.accepted == 0 ? "" : "; events come all the same"),
                next:
                    "its licence has the tag \(ExportMode.airGappedTag), with which instances export nothing: a new licence "
                    + "without it is needed if events are wanted")
        case .codyOnly where licence.tags.contains { $0.contains(ExportMode.codyOnlyTag) }:
            return DiagnosisCheck(
                .licenceTags, .lookHere,
                "\(named): \(ExportMode.codyOnlyTag) leaves events of the feature cody only",
                next: "its licence has the tag \(ExportMode.codyOnlyTag): events of other features stay on the instance"
            )
        case .codyOnly:
            return DiagnosisCheck(
                .licenceTags, .lookHere,
                "\(named), made before \(Ages.day(ExportMode.exportedSince)): events of the feature cody only by default",
                next:
                    "its licence is from before the export: unless the instance sets EXPORT_USAGE_DATA_ENABLED=true, events "
                    + "of other features than cody stay there")
        }
    }

    private var licence: DiagnosisCheck {
        guard let sender else { return notKnown(.licence) }
        if sender.kind != .licensedInstance { return DiagnosisCheck(.licence, .ok, noLicence(sender)) }
        guard let licence = sender.licence else {
            return DiagnosisCheck(.licence, .notKnown, "no genuine licence key has come from it")
        }
        guard let expiresAt = licence.expiresAt else { return DiagnosisCheck(.licence, .ok, "it never expires") }
        let day = Ages.day(expiresAt)
        guard expiresAt < facts.now / 1_000_000_000 else { return DiagnosisCheck(.licence, .ok, "valid until \(day)") }
        // Only where it is enforced does it cost events.
        let isRefused = refusalHolds && sender.lastRefusal?.reason == "licence"
        return DiagnosisCheck(
            .licence, isRefused ? .problem : .lookHere,
            "expired on \(day)" + (isRefused ? " and refused" : "; its events are accepted all the same"),
            next: isRefused
                ? "renew its licence, or accept expired ones (GATEWAY_LICENSE_ENFORCEMENT=warn)"
                : "its licence is expired: the instance itself may have switched things off")
    }

    private func noLicence(_ sender: SenderRecord) -> String {
        switch sender.kind {
        case .managedService: "a managed service has no licence"
        case .unknown: "it has not said who it is"
        default: "no licence: all events are exported"
        }
    }

    // MARK: - Version

    private var version: DiagnosisCheck {
        guard let sender else { return notKnown(.version) }
        if sender.kind == .managedService {
            return DiagnosisCheck(
                .version, .ok, sender.version.isEmpty ? "a managed service" : "a managed service, \(sender.version)")
        }
        guard !sender.version.isEmpty else {
            return DiagnosisCheck(.version, .notKnown, "no event of it has said a version yet")
        }
        guard let version = ExporterVersion(sender.version) else {
            return DiagnosisCheck(
                .version, .notKnown, "“\(sender.version)” is no release that the version table knows")
        }
        if version < .first {
            return DiagnosisCheck(
                .version, .problem,
                "\(sender.version) exports nothing by itself: that began with \(ExporterVersion.first)",
                next: "update the instance to \(ExporterVersion.byDefault) or later")
        }
        if version < .byDefault {
            return DiagnosisCheck(
                .version, .lookHere,
                "\(sender.version) exports only with an address and a feature flag set; by default from "
                    + "\(ExporterVersion.byDefault)",
                next: "update the instance to \(ExporterVersion.byDefault) or later, or see that the feature flag "
                    + "telemetry-export is on")
        }
        if version < .externalURL {
            return DiagnosisCheck(
                .version, .lookHere,
                "\(sender.version) exports by default and does not send its external URL (from "
                    + "\(ExporterVersion.externalURL))",
                next: "search its events downstream by instance id, not by external URL")
        }
        return DiagnosisCheck(.version, .ok, "\(sender.version) exports by default and sends its external URL")
    }

    // MARK: - Coming in

    private var lastStream: DiagnosisCheck {
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
    private var refusalHolds: Bool {
        guard let refusal = sender?.lastRefusal else { return false }
        return refusal.at >= max(sender?.lastEventsAt ?? .min, sender?.lastStreamAt ?? .min)
    }

    private var lastRefusal: DiagnosisCheck {
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

    private var quarantined: DiagnosisCheck {
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

    // MARK: - Going out

    private var waiting: DiagnosisCheck {
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

    private var delivered: DiagnosisCheck {
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

    private var dead: DiagnosisCheck {
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

    private func notKnown(_ subject: DiagnosisCheck.Subject) -> DiagnosisCheck {
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

extension LicenceInformation {
    /// As far as the directory keeps it.
    fileprivate init(_ licence: SenderLicence) {
        self.init(tags: licence.tags, createdAt: licence.createdAt, expiresAt: licence.expiresAt)
    }
}
