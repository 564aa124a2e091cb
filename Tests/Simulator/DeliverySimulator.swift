internal import Glibc
internal import Planning
internal import Simulation

/// `delivery-simulator FIRST COUNT`: runs random scenarios against the real delivery core, then a week and outages.
@main
enum DeliverySimulator {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
        let first = arguments.first ?? 1
        let count = arguments.dropFirst().first ?? 1000
        var failed = 0
        var steps = 0
        for seed in first..<first &+ count {
            let world = RandomScenario.run(seed: seed)
            steps += world.steps
            if let violation = world.violation {
                print("seed \(seed): \(violation) (at \(Double(world.now) / 1e9) s)")
                failed += 1
            }
        }
        print("random scenarios: \(count) seeds from \(first), \(steps) steps, \(failed) failed")
        let week = RandomScenario.run(seed: first, stretch: RandomScenario.week)
        if let violation = week.violation {
            print("week: \(violation)")
            failed += 1
        }
        print("a week of random weather: \(week.spool.eventCount) events, \(week.crashes) crashes")
        for weather in [SimulatedDestination.Weather.unavailable, .missing, .silent] {
            var scenario = OutageScenario()
            scenario.weather = weather
            let outcome = scenario.run(seed: first)
            if let violation = outcome.world.violation {
                print("outage (\(weather)): \(violation)")
                failed += 1
            } else if outcome.slowestFresh > OutageScenario.mostFresh {
                print("outage (\(weather)): a fresh event took \(outcome.slowestFresh) ns")
                failed += 1
            }
            print(
                "outage of 12 hours (\(weather)): \(outcome.world.spool.eventCount) batches of 1000 events, "
                    + "\(outcome.world.ledger.dead.count) dead letters, \(outcome.world.duplicates) duplicates, empty after "
                    + "\(outcome.emptyAfter / 1_000_000_000) s, slowest fresh event \(Double(outcome.slowestFresh) / 1e9) s"
            )
        }
        print("\(count + 4 - UInt64(failed)) passed, \(failed) failed")
        if failed > 0 { exit(1) }
    }
}
