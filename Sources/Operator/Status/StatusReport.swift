package import Contract
package import Forwarder
package import Runtime
package import Store

/// A spool's figures, ready to be shown.
package struct StatusReport: Sendable {
    /// The spool directory, as it was named.
    package let spool: String
    /// What was found.
    package let figures: SpoolFigures
    /// Why a running forwarder does not say how delivery goes; nil when it does, or none runs.
    package let liveProblem: String?

    /// What came of the last reload of each running process that had one.
    package let reloads: [ReloadReport]
    /// What the forwarder runs with, or the last one did; nil when that is not known.
    package let limits: ForwarderLimits?
    /// Where quota and reserve come from.
    package let limitsOrigin: LimitsOrigin

    private static let labelColumns = 14
    private static let nanosecondsPerSecond = 1_000_000_000.0

    /// Makes a report from its parts.
    package init(
        spool: String, figures: SpoolFigures, liveProblem: String? = nil, limits: ForwarderLimits? = nil,
        limitsOrigin: LimitsOrigin = .environment, reloads: [ReloadReport] = []
    ) {
        self.limits = limits
        self.limitsOrigin = limitsOrigin
        self.spool = spool
        self.figures = figures
        self.liveProblem = liveProblem
        self.reloads = reloads
    }

    private var status: SpoolStatus { figures.status }
    private var at: Int64 { figures.at }

    // MARK: - For people

    /// The report for people, each line with its newline.
    package func text(style: TextStyle) -> String {
        var text = style.heading("Spool \(spool)") + "  " + style.detail(RFC3339.format(at, fraction: .seconds)) + "\n"
        text += line(
            "processes",
            "ingest \(running(status.ingestIsRunning, style)), forwarder \(running(status.forwarderIsRunning, style))")
        if let liveProblem { text += line("", style.warning(TerminalText.clean(liveProblem))) }
        for reload in reloads { text += line("configuration", ReloadText(style: style).summary(reload, now: at)) }
        text += line("disk", disk(style))
        // What the running forwarder goes by needs no word.
        if figures.roomBytes != nil, limitsOrigin != .forwarder { text += line("", style.detail(limitsOrigin.text)) }
        text += line("stored", batches(status.stored) + ", delivered or not")
        if status.retainedSegments > 0 {
            let segments = HumaneText.quantity(Int64(status.retainedSegments), "segment", "segments")
            text += line("retained", "\(segments), \(HumaneText.bytes(status.retainedBytes)), for replays")
        }
        text += line("set aside", setAside(style))
        for problem in status.unreadable { text += line("unreadable", style.failure(TerminalText.clean(problem))) }
        for destination in figures.destinations { text += "\n" + section(destination, style) }
        if figures.destinations.isEmpty {
            text += "\n" + style.heading("No destination yet") + "\n"
            text += line("waiting", batches(status.stored))
            text += line("", style.detail("a destination is listed once telemetry-forwarder has run on this spool"))
        }
        return text
    }

    private func section(_ destination: SpoolFigures.Destination, _ style: TextStyle) -> String {
        let (stored, delivery) = (destination.stored, destination.delivery)
        var text = style.heading("Destination \(TerminalText.clean(destination.name))") + "\n"
        var waiting = "nothing"
        if stored.waiting.events > 0 {
            waiting = batches(stored.waiting)
            if let oldest = stored.oldestWaitingAt { waiting += ", the oldest for \(HumaneText.span(at - oldest))" }
        }
        text += line("waiting", waiting)
        text += line("rates", rates(destination, style))
        text += line("state", state(stored, delivery, style))
        text += line("events", outcomes(stored, style))
        if stored.deadLetters.letters > 0 {
            let age = stored.deadLetters.oldestAt.map { ", the oldest for \(HumaneText.span(at - $0))" } ?? ""
            text += line(
                "dead letters",
                style.warning(HumaneText.count(stored.deadLetters.letters))
                    + (limits.map { " of \(HumaneText.count($0.deadLetters.count))" } ?? "")
                    + ", \(HumaneText.bytes(stored.deadLetters.bytes))"
                    + (limits.map { " of \(HumaneText.bytes($0.deadLetters.bytes))" } ?? "") + age
                    + (stored.replaying > 0 ? ", \(HumaneText.count(stored.replaying)) being sent again" : ""))
        }
        text += line(
            "last delivery",
            stored.lastDeliveryAt.map { "\(age($0)), \(HumaneText.bytes(stored.deliveredBytes)) in all" } ?? "never")
        for replay in destination.replays {
            text += line("replay", "order \(replay.id), \(HumaneText.events(replay.sent)) sent again so far")
        }
        if let error = delivery.lastError {
            text += line(
                "last error",
                "\(HumaneText.span(at - error.at)) ago, \(style.failure(error.code)): "
                    + TerminalText.clean(error.message))
        }
        return text
    }

    private func disk(_ style: TextStyle) -> String {
        var text =
            "\(HumaneText.quantity(Int64(status.segments), "segment", "segments")), "
            + HumaneText.bytes(status.bytesOnDisk)
        if let room = figures.roomBytes {
            text += room > 0 ? ", room for \(HumaneText.bytes(room))" : ", \(style.failure("no room left"))"
        }
        if case .seconds = figures.timeToFull { text += ", full in " + timeLeft(figures.timeToFull) }
        return text
    }

    private func setAside(_ style: TextStyle) -> String {
        var parts: [String] = []
        if status.quarantinedEvents > 0 {
            parts.append(style.warning("\(HumaneText.events(status.quarantinedEvents)) quarantined"))
        }
        if status.damagedBatches > 0 {
            parts.append(
                style.failure(
                    "\(HumaneText.quantity(status.damagedBatches, "batch", "batches")) damaged with at least "
                        + HumaneText.events(status.damagedEvents)))
        }
        return parts.isEmpty ? "nothing quarantined or damaged" : parts.joined(separator: ", ")
    }

    private func rates(_ destination: SpoolFigures.Destination, _ style: TextStyle) -> String {
        guard let rateIn = destination.delivery.rateIn, let rateOut = destination.delivery.rateOut else {
            return style.detail("not known yet; --watch measures them")
        }
        let empty =
            switch destination.timeToEmpty {
            case .now: style.good("empty")
            case .seconds: "empty in " + timeLeft(destination.timeToEmpty)
            case .never: style.warning("not getting empty")
            case .unknown: "not known when empty"
            }
        return "in \(HumaneText.rate(rateIn)), out \(HumaneText.rate(rateOut)), \(empty)"
    }

    private func state(
        _ stored: SpoolStatus.Destination, _ delivery: DeliveryStatus, _ style: TextStyle
    ) -> String {
        var parts: [String] = []
        if !stored.isActive {
            parts.append(style.warning("not configured any more"))
        } else if delivery.isPaused || !delivery.pauseReason.isEmpty {
            let reason = TerminalText.clean(delivery.pauseReason)
            parts.append(style.warning(reason.isEmpty ? "paused" : "paused (\(reason))"))
        } else if delivery.isDraining {
            parts.append(style.warning("draining"))
        } else {
            parts.append(status.forwarderIsRunning ? style.good("delivering") : style.warning("not delivering"))
        }
        switch delivery.breaker {
        case DestinationState.Breaker.closed.rawValue: parts.append("breaker closed")
        case DestinationState.Breaker.open.rawValue:
            let wait = delivery.openUntil.map { ", next try in \(HumaneText.span($0 - at))" } ?? ""
            parts.append(style.failure("breaker open") + wait)
        default: parts.append(style.warning("breaker half open"))
        }
        if delivery.concurrency > 0 {
            parts.append("\(delivery.inFlight) of \(HumaneText.decimal(delivery.concurrency)) requests")
        }
        return parts.joined(separator: ", ")
    }

    private func outcomes(_ stored: SpoolStatus.Destination, _ style: TextStyle) -> String {
        var parts = ["\(HumaneText.count(stored.outcomes.delivered)) delivered"]
        for outcome in Outcome.allCases where outcome != .delivered && stored.outcomes[outcome] > 0 {
            parts.append(style.warning("\(HumaneText.count(stored.outcomes[outcome])) \(outcome.name)"))
        }
        return parts.joined(separator: ", ") + " of \(HumaneText.count(stored.acceptedEvents)) accepted"
    }

    private func timeLeft(_ left: TimeLeft) -> String {
        guard case .seconds(let seconds) = left else { return "" }
        return HumaneText.span(Int64(seconds) * Int64(Self.nanosecondsPerSecond))
    }

    private func batches(_ totals: SegmentTotals) -> String {
        "\(HumaneText.events(totals.events)) in \(HumaneText.quantity(totals.batches, "batch", "batches")), "
            + HumaneText.bytes(totals.payloadBytes)
    }

    private func running(_ isRunning: Bool, _ style: TextStyle) -> String {
        isRunning ? style.good("running") : style.warning("not running")
    }

    private func age(_ time: Int64) -> String { "\(HumaneText.span(at - time)) ago" }

    private func line(_ label: String, _ value: String) -> String {
        "  " + label + String(repeating: " ", count: max(1, Self.labelColumns - label.count)) + value + "\n"
    }

    // MARK: - For programs

    /// The report for programs. Names and units are stable.
    package var json: JSONValue {
        .members([
            ("spool", .string(spool)),
            ("at", .string(RFC3339.format(at))),
            ("ingest_running", .bool(status.ingestIsRunning)),
            ("forwarder_running", .bool(status.forwarderIsRunning)),
            ("forwarder_problem", .optional(liveProblem)),
            ("reloads", .array(reloads.map(Self.json))),
            ("segments", .number(Int64(status.segments))),
            ("sealed_segments", .number(Int64(status.sealedSegments))),
            ("bytes_on_disk", .number(status.bytesOnDisk)),
            ("retained_segments", .number(Int64(status.retainedSegments))),
            ("retained_bytes", .number(status.retainedBytes)),
            ("room_bytes", figures.roomBytes.map { .number($0) } ?? .null),
            ("limits", limitsJSON),
            ("seconds_to_full", .double(figures.timeToFull.secondsOrInfinity)),
            ("stored", Self.json(status.stored)),
            ("quarantined_events", .number(status.quarantinedEvents)),
            ("damaged_batches", .number(status.damagedBatches)),
            ("damaged_events", .number(status.damagedEvents)),
            ("unreadable", .array(status.unreadable.map { .string($0) })),
            ("destinations", .array(figures.destinations.map(json))),
        ])
    }

    private var limitsJSON: JSONValue {
        let bounds = limits?.deadLetters
        return .members([
            ("from", .string(limitsOrigin.rawValue)),
            ("quota_bytes", limits.map { .number($0.quotaBytes) } ?? .null),
            ("reserve_bytes", limits.map { .number($0.reserveBytes) } ?? .null),
            ("dead_letter_count", bounds.map { .number($0.count) } ?? .null),
            ("dead_letter_bytes", bounds.map { .number($0.bytes) } ?? .null),
            ("dead_letter_seconds", bounds.map { .number($0.age / Int64(Self.nanosecondsPerSecond)) } ?? .null),
            ("dead_letter_policy", .optional(bounds?.policy.rawValue)),
        ])
    }

    private func json(_ destination: SpoolFigures.Destination) -> JSONValue {
        let (stored, delivery) = (destination.stored, destination.delivery)
        let outcomes = Outcome.allCases.map { JSONValue.Member($0.name, .number(stored.outcomes[$0])) }
        return .members([
            ("name", .string(destination.name)),
            ("configured", .bool(stored.isActive)),
            ("waiting", Self.json(stored.waiting)),
            ("oldest_waiting_at", Self.time(stored.oldestWaitingAt)),
            ("oldest_waiting_seconds", Self.age(stored.oldestWaitingAt, at)),
            ("accepted_events", .number(stored.acceptedEvents)),
            ("outcomes", .object(outcomes)),
            ("delivered_events", .number(stored.deliveredEvents)),
            ("delivered_bytes", .number(stored.deliveredBytes)),
            ("last_delivery_at", Self.time(stored.lastDeliveryAt)),
            ("rate_in", Self.number(delivery.rateIn)),
            ("rate_out", Self.number(delivery.rateOut)),
            ("seconds_to_empty", .double(destination.timeToEmpty.secondsOrInfinity)),
            ("breaker", .string(delivery.breaker)),
            ("breaker_open_until", Self.time(delivery.openUntil)),
            ("concurrency", .double(delivery.concurrency)),
            ("requests_in_flight", .number(Int64(delivery.inFlight))),
            ("paused", .bool(delivery.isPaused)),
            ("pause_reason", .string(delivery.pauseReason)),
            ("draining", .bool(delivery.isDraining)),
            ("last_error", Self.json(delivery.lastError)),
            ("dead_letters", Self.json(stored.deadLetters)),
            ("replaying_dead_letters", .number(stored.replaying)),
            ("replays", .array(destination.replays.map(Self.json))),
        ])
    }

    private static func json(_ report: ReloadReport) -> JSONValue {
        .members([
            ("process", .string(report.process)), ("at", time(report.at)), ("result", .string(report.result.rawValue)),
            ("changed_keys", .array(report.changes.map { .string($0.name) })),
            (
                "needs_restart",
                .array(report.changes.filter { $0.effect == .needsRestart }.map { .string($0.name) })
            ),
            ("problems", .array(report.problems.map { .string($0) })),
        ])
    }

    private static func json(_ failure: DeliveryStatus.Failure?) -> JSONValue {
        guard let failure else { return .null }
        return .members([
            ("code", .string(failure.code)), ("message", .string(failure.message)), ("at", time(failure.at)),
        ])
    }

    private static func json(_ usage: DeadLetterUsage) -> JSONValue {
        .members([
            ("count", .number(usage.letters)), ("bytes", .number(usage.bytes)), ("oldest_at", time(usage.oldestAt)),
        ])
    }

    private static func json(_ replay: ReplayJob) -> JSONValue {
        .members([
            ("job", .number(replay.id)), ("from", time(replay.from)), ("to", time(replay.to)),
            ("client", .optional(replay.client)), ("sent", .number(replay.sent)),
            ("created_at", time(replay.createdAt)),
        ])
    }

    private static func number(_ number: Double?) -> JSONValue { number.map { .double($0) } ?? .null }

    private static func age(_ time: Int64?, _ now: Int64) -> JSONValue {
        time.map { .decimal(HumaneText.decimalSeconds(max(0, now - $0))) } ?? .null
    }

    private static func time(_ time: Int64?) -> JSONValue { .optional(time.map { RFC3339.format($0) }) }

    private static func json(_ totals: SegmentTotals) -> JSONValue {
        .members([
            ("batches", .number(totals.batches)),
            ("events", .number(totals.events)),
            ("payload_bytes", .number(totals.payloadBytes)),
        ])
    }
}
