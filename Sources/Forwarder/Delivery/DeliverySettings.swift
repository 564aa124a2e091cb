internal import Planning
package import Runtime
package import Store

/// What is set about delivery: lanes, attempts, dead letters.
package struct DeliverySettings: Sendable, Hashable {
    /// The fresh lane's share while there is a backlog, in percent.
    package var freshSharePercent: Int
    /// How often an event is refused alone before it becomes a dead letter.
    package var attempts: Int
    /// What is kept of each destination's dead letters at most.
    package var deadLetters: DeadLetterBounds
    /// Where a destination begins that is added later.
    package var start: DestinationStart

    /// Declares and reads the keys.
    package init(_ reader: inout ConfigurationReader) {
        freshSharePercent = reader.integer(
            "GATEWAY_FRESH_SHARE", default: 30, in: 0...90, unit: "%",
            meaning:
                "Share of new events in what is delivered while there is a backlog; 0 delivers each client's oldest first."
        )
        attempts = reader.integer(
            "GATEWAY_EVENT_ATTEMPTS", default: 3, in: 1...100,
            meaning:
                "How often a destination refuses an event alone, at least, before it becomes a dead letter; outages do not "
                + "count.")
        let defaults = DeadLetterBounds()
        let count = reader.integer(
            "GATEWAY_DEAD_LETTER_MAXIMUM_COUNT", default: Int(defaults.count), in: 1...1_000_000_000,
            meaning: "Most dead letters that are kept for each destination.")
        let bytes = reader.byteCount(
            "GATEWAY_DEAD_LETTER_MAXIMUM_BYTES", default: Int(defaults.bytes), in: 1 << 20...1 << 40,
            meaning: "Most bytes that the dead letters of each destination may take.")
        let age = reader.duration(
            "GATEWAY_DEAD_LETTER_MAXIMUM_AGE", default: .nanoseconds(defaults.age),
            in: .seconds(60)...(.seconds(10 * 365 * 86400)),
            meaning: "Oldest age of a dead letter.")
        let policy = reader.choice(
            "GATEWAY_DEAD_LETTER_POLICY", default: defaults.policy,
            meaning:
                "At one of these bounds: pause stops the destination until somebody replays or purges some; expire "
                + "lets the oldest go.")
        deadLetters = DeadLetterBounds(
            count: Int64(count), bytes: Int64(bytes), age: Int64(age / .nanoseconds(1)), policy: policy)
        start = reader.choice(
            "GATEWAY_DESTINATION_START", default: .oldest,
            meaning:
                "Where a destination begins that was not there before: oldest delivers all that is still on disk, now "
                + "only what comes from now on.")
    }

    /// The limits of one destination's delivery.
    func limits(maximumInFlight: Int, maximumAge: Int64?) -> DeliveryLimits {
        var limits = DeliveryLimits(maximumInFlight: maximumInFlight)
        limits.freshShare = Double(freshSharePercent) / 100
        limits.attempts = attempts
        limits.maximumAge = maximumAge
        return limits
    }
}
