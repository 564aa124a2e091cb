internal import Contract
internal import Forwarder
internal import Store

/// What the overview and the page of destinations show: from memory only.
struct OverviewAnswer: Sendable {
    /// The figures that were read last; nil before the first ones.
    let figures: SpoolFigures?
    /// What the workers say now.
    let live: [DeliveryStatus]
    /// The destinations that are paused, each with the reason; nil when that can not be read now.
    let pauses: [String: String]?
    let samples: [FiguresSample]
    /// Seconds that the samples are of.
    let range: Int64
    let now: Int64

    var json: JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("at", .time(now)), ("figures_at", .time(figures?.at)), ("range_seconds", .number(range)),
        ]
        if let figures {
            let status = figures.status
            members += [
                ("ingest_running", .bool(status.ingestIsRunning)),
                ("segments", .number(Int64(status.segments))), ("bytes_on_disk", .number(status.bytesOnDisk)),
                ("stored_events", .number(status.stored.events)),
                ("retained_segments", .number(Int64(status.retainedSegments))),
                ("retained_bytes", .number(status.retainedBytes)), ("room_bytes", .optional(figures.roomBytes)),
                ("time_to_full", .left(figures.timeToFull)),
                ("quarantined_events", .number(status.quarantinedEvents)),
                ("damaged_batches", .number(status.damagedBatches)),
                ("damaged_events", .number(status.damagedEvents)),
                ("unreadable", .array(status.unreadable.prefix(10).map { .string($0) })),
            ]
        }
        members.append(("destinations", .array(destinations)))
        members.append(("history", history))
        return .members(members)
    }

    /// Those of the figures with what their workers say now; before the first figures, what the workers say.
    private var destinations: [JSONValue] {
        let workers = Dictionary(live.map { ($0.name, $0) }) { first, _ in first }
        guard let figures else { return live.map { Self.json(paused($0), nil) } }
        return figures.destinations.map { destination in
            var delivery = workers[destination.name] ?? destination.delivery
            delivery.rateIn = delivery.rateIn ?? destination.delivery.rateIn
            delivery.rateOut = delivery.rateOut ?? destination.delivery.rateOut
            return Self.json(paused(delivery), destination)
        }
    }

    private func paused(_ delivery: DeliveryStatus) -> DeliveryStatus {
        guard let pauses else { return delivery }
        var delivery = delivery
        let reason = pauses[delivery.name]
        // A bound that is reached is no pause, and has a reason of its own.
        if delivery.isPaused, reason == nil { delivery.pauseReason = "" }
        delivery.isPaused = reason != nil
        if let reason { delivery.pauseReason = reason }
        return delivery
    }

    private var history: JSONValue {
        let names = Set(samples.flatMap(\.destinations.keys)).sorted()
        return .members([
            ("at", .array(samples.map { .time($0.at) })),
            ("bytes_on_disk", .array(samples.map { .number($0.bytesOnDisk) })),
            (
                "destinations",
                .array(
                    names.map { name in
                        let points = samples.map { $0.destinations[name] }
                        return .members([
                            ("name", .string(name)),
                            ("accepted", .array(points.map { .optional($0?.accepted) })),
                            ("delivered", .array(points.map { .optional($0?.delivered) })),
                            ("waiting", .array(points.map { .optional($0?.waiting) })),
                            ("oldest_age", .array(points.map { .optional($0.map { $0.oldestAge / 1_000_000 }) })),
                        ])
                    })
            ),
        ])
    }

    private static func json(_ delivery: DeliveryStatus, _ destination: SpoolFigures.Destination?) -> JSONValue {
        var members: [(name: String, value: JSONValue)] = [
            ("name", .string(delivery.name)),
            ("breaker", .string(delivery.breaker)), ("open_until", .time(delivery.openUntil)),
            ("concurrency", .double(delivery.concurrency)), ("in_flight", .number(Int64(delivery.inFlight))),
            ("rate_in", .optional(delivery.rateIn)), ("rate_out", .optional(delivery.rateOut)),
            ("paused", .bool(delivery.isPaused)), ("pause_reason", .string(delivery.pauseReason)),
            ("draining", .bool(delivery.isDraining)),
            (
                "last_error",
                delivery.lastError.map {
                    .members([
                        ("code", .string($0.code)), ("message", .string($0.message)), ("at", .time($0.at)),
                    ])
                } ?? .null
            ),
        ]
        guard let destination else { return .members(members) }
        let stored = destination.stored
        members += [
            ("configured", .bool(stored.isActive)), ("waiting_events", .number(stored.waiting.events)),
            ("waiting_batches", .number(stored.waiting.batches)),
            ("waiting_bytes", .number(stored.waiting.payloadBytes)), ("oldest_at", .time(stored.oldestWaitingAt)),
            ("accepted", .number(stored.acceptedEvents)),
            ("outcomes", .object(Outcome.allCases.map { .init($0.name, .number(stored.outcomes[$0])) })),
            ("delivered_bytes", .number(stored.deliveredBytes)), ("last_delivery_at", .time(stored.lastDeliveryAt)),
            ("time_to_empty", .left(destination.timeToEmpty)),
            ("dead_letters", .number(stored.deadLetters.letters)),
            ("dead_letter_bytes", .number(stored.deadLetters.bytes)),
            ("oldest_dead_letter_at", .time(stored.deadLetters.oldestAt)), ("replaying", .number(stored.replaying)),
            (
                "replays",
                .array(
                    destination.replays.map {
                        .members([
                            ("job", .number($0.id)), ("from", .time($0.from)), ("to", .time($0.to)),
                            ("client", .optional($0.client)), ("sent", .number($0.sent)),
                        ])
                    })
            ),
        ]
        return .members(members)
    }
}
