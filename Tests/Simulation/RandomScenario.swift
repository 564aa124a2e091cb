internal import Planning

/// A storm (ten minutes, or a week) of random weather, poison, crashes, failing disks and clocks that are set, then calm until all is delivered.
package enum RandomScenario {
    private static let second = SimulatedDestination.second
    /// Ten minutes become a week.
    package static let week: Int64 = 1008

    /// Runs the scenario of a seed.
    /// - Parameter stretch: how many times ten minutes the storm lasts; as many events come in any case.
    /// - Returns: the world at its end; `violation` says what went wrong.
    package static func run(seed: UInt64, stretch: Int64 = 1) -> SimulatedWorld {
        let stormEnd = 600 * second * stretch
        // After the storm, so many hours must do.
        let calm = 4 * 3600 * second
        var random = SeededRandom(seed: seed &* 77 &+ 5)
        var settings = settings(&random)
        settings.limits.maximumAge = maximumAge(seed, stretch)
        settings.limits.pollInterval *= stretch
        settings.limits.idlePollInterval *= stretch
        var world = SimulatedWorld(seed: seed, settings: settings)
        world.destination.weather = weather(&random, until: stormEnd, stretch: stretch)
        for _ in 0..<random.next() % 4 { world.planCrash(at: Int64(random.fraction() * Double(stormEnd))) }
        if random.fraction() < 0.3 { world.clockError = Int64((random.fraction() - 0.5) * 2 * 3600) * second }
        let poisonShare = random.fraction() < 0.5 ? 0.02 : 0
        let pace = (0.05 + random.fraction() * 2) * 2e9 * Double(stretch)
        world.arrive = { world in
            guard world.now <= stormEnd else { return heartbeat(&world) }
            let events = 1 + Int(world.random.next() % 12)
            let first = world.spool.eventCount
            for event in first..<first + events where world.random.fraction() < poisonShare {
                world.destination.poison.insert(event)
            }
            world.spool.append(
                client: Int32(world.random.next() % 5), events: events, bytes: Int64(events * 300), at: world.now)
            return world.now + Int64(world.random.fraction() * pace)
        }
        world.startArrivals()
        world.run(until: stormEnd)
        world.clockError = 0
        world.runUntilEmpty(by: stormEnd + calm)
        world.checkEnd()
        return world
    }

    /// A good event now and then: without any, nobody knows whether a destination that refuses takes anything at all.
    private static func heartbeat(_ world: inout SimulatedWorld) -> Int64? {
        guard !world.isEmpty else { return nil }
        world.spool.append(client: 9, events: 1, bytes: 300, at: world.now)
        return world.now + 60 * second
    }

    /// Numbers of its own: the stories of older seeds stay what they were.
    private static func maximumAge(_ seed: UInt64, _ stretch: Int64) -> Int64? {
        var random = SeededRandom(seed: seed &* 131 &+ 17)
        guard random.fraction() < 0.25 else { return nil }
        return (30 + Int64(random.fraction() * 300)) * second * stretch
    }

    private static func settings(_ random: inout SeededRandom) -> SimulatedWorld.Settings {
        var settings = SimulatedWorld.Settings()
        settings.limits = DeliveryLimits(maximumInFlight: 1 + Int(random.next() % 8))
        settings.limits.pageBytes = 1 << Int64(8 + random.next() % 12)
        settings.limits.lookAhead = 8 << Int(random.next() % 8)
        settings.limits.look = 4 << Int(random.next() % 6)
        // Longer than any weather: only what the destination takes tells poison from a destination that refuses everything.
        settings.limits.patience = 900 * second
        settings.limits.pollInterval = second / 2
        settings.limits.idlePollInterval = 5 * second
        settings.eventsPerRequest = 1 + Int(random.next() % 40)
        settings.batchesPerSegment = 5 + Int(random.next() % 60)
        settings.diskFailureShare = random.fraction() < 0.3 ? 0.05 : 0
        return settings
    }

    private static func weather(
        _ random: inout SeededRandom, until stormEnd: Int64, stretch: Int64
    ) -> [(from: Int64, SimulatedDestination.Weather)] {
        var weather: [(from: Int64, SimulatedDestination.Weather)] = []
        var time: Int64 = 0
        var refuses = false
        while time < stormEnd {
            let all = SimulatedDestination.Weather.allCases
            var next = random.fraction() < 0.4 ? .healthy : all[Int(random.next() % UInt64(all.count))]
            // Once: whoever refuses everything, takes something and refuses everything again can not be told from poison.
            if next == .refusesEverything {
                if refuses { next = .unavailable }
                refuses = true
            }
            weather.append((time, next))
            time += Int64(random.fraction() * 120e9) * stretch
        }
        return weather + [(stormEnd, .healthy)]
    }
}
