import Forwarder
import TestSupport
import Testing

@Suite struct BackoffTests {
    /// Always the highest value: shows the upper ends.
    private struct Highest: RandomNumberGenerator {
        mutating func next() -> UInt64 { .max }
    }

    private struct Lowest: RandomNumberGenerator {
        mutating func next() -> UInt64 { 0 }
    }

    @Test func upperEndDoublesUpToTheCeiling() {
        var backoff = Backoff()
        var highest = Highest()
        var ends: [Duration] = []
        for _ in 0..<11 {
            ends.append(backoff.upperEnd)
            _ = backoff.nextDelay(using: &highest)
        }
        let milliseconds = [100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 30000, 30000]
        #expect(ends == milliseconds.map { .milliseconds($0) })
    }

    @Test func manyFailuresStayAtTheCeiling() {
        var backoff = Backoff(base: .seconds(1), ceiling: .seconds(5))
        var highest = Highest()
        for _ in 0..<100_000 { _ = backoff.nextDelay(using: &highest) }
        #expect(backoff.upperEnd == .seconds(5))
    }

    @Test func jitterIsFullAndStaysInside() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var shares: [Double] = []
        for _ in 0..<2000 {
            var backoff = Backoff(base: .seconds(8), ceiling: .seconds(8))
            shares.append(backoff.nextDelay(using: &generator) / .seconds(8))
        }
        #expect(shares.allSatisfy { (0...1).contains($0) }, "seed \(seed)")
        let mean = shares.reduce(0, +) / 2000
        // Nine standard errors (0.0065 each) around one half.
        #expect(abs(mean - 0.5) < 0.06, "seed \(seed)")
        #expect(shares.contains { $0 < 0.02 } && shares.contains { $0 > 0.98 }, "seed \(seed)")
    }

    @Test func whatTheServerAsksForIsAMinimum() {
        var backoff = Backoff()
        var lowest = Lowest()
        #expect(backoff.nextDelay(retryAfter: .seconds(7), using: &lowest) == .seconds(7))
        var highest = Highest()
        var patient = Backoff(base: .seconds(20), ceiling: .seconds(20))
        #expect(patient.nextDelay(retryAfter: .seconds(7), using: &highest) > .seconds(19))
    }

    @Test func successForgetsTheFailures() {
        var backoff = Backoff()
        var highest = Highest()
        for _ in 0..<5 { _ = backoff.nextDelay(using: &highest) }
        #expect(backoff.failures == 5)
        backoff.reset()
        #expect(backoff.failures == 0)
        #expect(backoff.upperEnd == Backoff.standardBase)
    }
}
