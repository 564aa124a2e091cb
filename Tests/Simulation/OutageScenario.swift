internal import Planning

/// A destination that is away for hours while events keep coming.
///
/// One message here stands for a thousand events: what planning does depends on bytes and batches.
package struct OutageScenario {
    private static let second = SimulatedDestination.second
    /// What an event may take that arrives a minute after the recovery or later.
    package static let mostFresh = 10 * second

    /// How long the destination is away.
    package var outage: Int64 = 12 * 3600 * second
    /// Batches a second, a thousand events each.
    package var batchesPerSecond: Int64 = 5
    /// Events that are older are given up; nil for never.
    package var maximumAge: Int64?
    /// How it fails meanwhile.
    package var weather = SimulatedDestination.Weather.unavailable

    package init() {}

    /// What came of it.
    package struct Outcome {
        package var world: SimulatedWorld
        /// The longest that an event took which arrived a minute after the recovery or later, until the backlog was gone.
        package var slowestFresh: Int64 = 0
        /// When everything was delivered, from the recovery.
        package var emptyAfter: Int64 = 0
        /// Events that waited at the recovery.
        package var waitingAtRecovery = 0
    }

    /// Runs it.
    package func run(seed: UInt64) -> Outcome {
        var settings = SimulatedWorld.Settings()
        settings.limits = DeliveryLimits(maximumInFlight: 4)
        settings.limits.idlePollInterval = 5 * Self.second
        settings.limits.maximumAge = maximumAge
        settings.eventsPerRequest = 4
        settings.batchesPerSegment = 400
        var world = SimulatedWorld(seed: seed, settings: settings)
        let start = 60 * Self.second
        let recovery = start + outage
        world.destination.weather = [(0, .healthy), (start, weather), (recovery, .healthy)]
        let pace = Self.second / batchesPerSecond
        // Long enough to see the fresh lane beside the backlog; then calm, so that the end can be seen.
        let end = recovery + 600 * Self.second
        world.arrive = { world in
            guard world.now < end else { return nil }
            world.spool.append(client: Int32(world.random.next() % 50), events: 1, bytes: 600_000, at: world.now)
            return world.now + pace
        }
        world.startArrivals()
        world.run(until: recovery)
        let waiting = world.spool.eventCount - world.resolvedCount
        world.run(until: end)
        world.runUntilEmpty(by: end + 24 * 3600 * Self.second)
        world.checkEnd()
        var outcome = Outcome(world: world)
        outcome.waitingAtRecovery = waiting
        for (event, at) in world.deliveredAt {
            outcome.emptyAfter = max(outcome.emptyAfter, at - recovery)
            let arrival = Int64(event) * pace
            if arrival > recovery + 60 * Self.second { outcome.slowestFresh = max(outcome.slowestFresh, at - arrival) }
        }
        return outcome
    }
}
