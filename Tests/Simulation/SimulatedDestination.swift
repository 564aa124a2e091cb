internal import Planning

/// A destination that follows a script.
package struct SimulatedDestination {
    /// How it behaves for a while.
    package enum Weather: Hashable, Sendable, CaseIterable {
        case healthy
        /// Everything takes many times as long.
        case slow
        /// Refuses at once, as a whole.
        case unavailable
        /// Asks for fewer requests, and for a pause.
        case overloaded
        /// The topic is missing: somebody has to act.
        case missing
        /// Does not answer; the caller's deadline ends it.
        case silent
        /// Takes the half of what it is sent, and says that it failed.
        case flaky
        /// Refuses every content: its own fault, not that of the events.
        case refusesEverything
        /// The caller's own disk is full.
        case localTrouble
    }

    package static let second: Int64 = 1_000_000_000

    package var weather: [(from: Int64, Weather)] = [(0, .healthy)]
    /// Events that it will never take.
    package var poison: Set<Int> = []
    /// How often each event was taken.
    package var taken: [Int: Int] = [:]

    func weather(at time: Int64) -> Weather { weather.last { $0.from <= time }?.1 ?? .healthy }

    /// What becomes of a request that is sent now, and how long that takes.
    mutating func answer(
        _ events: [Int], at time: Int64, using random: inout SeededRandom
    ) -> (nanoseconds: Int64, failure: DeliveryFailure?) {
        let short = Int64(1_000_000 + random.fraction() * 20_000_000)
        switch weather(at: time) {
        case .healthy: return (short, accept(events))
        case .slow: return (short * 50, accept(events))
        case .unavailable:
            return (short, DeliveryFailure(scope: .destination, isRetriable: true, isPushback: true))
        case .overloaded:
            let pause = Int64(random.fraction() * 2e9)
            if random.fraction() < 0.5 { return (short, accept(events)) }
            return (short, DeliveryFailure(scope: .destination, isRetriable: true, isPushback: true, retryAfter: pause))
        case .missing: return (short, DeliveryFailure(scope: .destination, isRetriable: false))
        case .silent:
            return (60 * Self.second, DeliveryFailure(scope: .destination, isRetriable: true, isPushback: true))
        case .flaky:
            if random.fraction() < 0.5 { return (short, accept(events)) }
            if random.fraction() < 0.5 { _ = accept(events) }
            return (short, DeliveryFailure(scope: .destination, isRetriable: true))
        case .refusesEverything: return (short, DeliveryFailure(scope: .batch, isRetriable: false))
        case .localTrouble: return (short, DeliveryFailure(scope: .local, isRetriable: true))
        }
    }

    private mutating func accept(_ events: [Int]) -> DeliveryFailure? {
        guard !events.contains(where: poison.contains) else {
            return DeliveryFailure(scope: .batch, isRetriable: false)
        }
        for event in events { taken[event, default: 0] += 1 }
        return nil
    }
}
