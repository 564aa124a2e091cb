import TestSupport
import Testing

@testable import Forwarder

@Suite struct DeliveryPlannerTests {
    private let limits = DeliveryPlanner.Limits(
        inFlight: 3, buffered: 6, unresolved: 20, pages: 2, pollInterval: 20)
    private var generator = SeededGenerator(seed: 7)

    private func expectStep(
        _ planner: inout DeliveryPlanner, now: Int64, is expected: DeliveryPlanner.Step,
        at location: SourceLocation = #_sourceLocation
    ) {
        let step = planner.next(now: now)
        #expect(step == expected, sourceLocation: location)
    }

    @Test func readsAheadUpToItsLimitAndSendsOldestFirst() {
        var planner = DeliveryPlanner(limits: limits)
        expectStep(&planner, now: 0, is: .read)
        expectStep(&planner, now: 0, is: .read)
        expectStep(&planner, now: 0, is: .wait(until: nil))
        planner.pageArrived([2, 3], caughtUp: false, now: 0)
        planner.pageArrived([0, 1], caughtUp: false, now: 0)
        expectStep(&planner, now: 0, is: .send(0))
        expectStep(&planner, now: 0, is: .send(1))
        expectStep(&planner, now: 0, is: .send(2))
        #expect(planner.inFlightCount == 3)
        expectStep(&planner, now: 0, is: .read)
    }

    @Test func looksAgainAfterThePollIntervalWhenItHasCaughtUp() {
        var planner = DeliveryPlanner(limits: limits)
        expectStep(&planner, now: 100, is: .read)
        planner.pageArrived([], caughtUp: true, now: 100)
        expectStep(&planner, now: 100, is: .wait(until: 120))
        expectStep(&planner, now: 119, is: .wait(until: 120))
        expectStep(&planner, now: 120, is: .read)
    }

    @Test mutating func aFailingDestinationIsProbedByOneRequestAtATime() {
        var planner = DeliveryPlanner(limits: limits)
        _ = planner.next(now: 0)
        planner.pageArrived([0, 1, 2, 3], caughtUp: false, now: 0)
        expectStep(&planner, now: 0, is: .send(0))
        expectStep(&planner, now: 0, is: .send(1))
        let delay = planner.failed(
            0, concernsDestination: true, retryAfter: .seconds(1), now: 0, using: &generator)
        #expect(delay >= 1_000_000_000)
        // Request 1 is still under way; nothing else begins, and after the pause one probe at a time does.
        if case .send(let id) = planner.next(now: delay - 1) { Issue.record("sent \(id) during the pause") }
        _ = planner.failed(1, concernsDestination: true, retryAfter: nil, now: delay - 1, using: &generator)
        let later = delay + 60_000_000_000
        expectStep(&planner, now: later, is: .send(0))
        if case .send(let id) = planner.next(now: later) { Issue.record("sent \(id) beside the probe") }
        planner.delivered(0)
        #expect(planner.consecutiveFailures == 0)
        expectStep(&planner, now: later, is: .send(1))
        expectStep(&planner, now: later, is: .send(2))
        expectStep(&planner, now: later, is: .send(3))
    }

    @Test mutating func aRefusedRequestWaitsAloneAndTheOthersGoOn() {
        var planner = DeliveryPlanner(limits: limits)
        _ = planner.next(now: 0)
        planner.pageArrived([0, 1, 2], caughtUp: false, now: 0)
        expectStep(&planner, now: 0, is: .send(0))
        let delay = planner.failed(
            0, concernsDestination: false, retryAfter: .milliseconds(5), now: 0, using: &generator)
        expectStep(&planner, now: 0, is: .send(1))
        expectStep(&planner, now: 0, is: .send(2))
        expectStep(&planner, now: delay, is: .send(0))
    }

    @Test func readingStopsAtTheBoundOnUnresolvedRequests() {
        var planner = DeliveryPlanner(
            limits: DeliveryPlanner.Limits(inFlight: 2, buffered: 100, unresolved: 5, pages: 1, pollInterval: 1))
        expectStep(&planner, now: 0, is: .read)
        planner.pageArrived([0, 1, 2, 3, 4], caughtUp: false, now: 0)
        expectStep(&planner, now: 0, is: .send(0))
        expectStep(&planner, now: 0, is: .send(1))
        expectStep(&planner, now: 0, is: .wait(until: nil))
        planner.delivered(1)
        expectStep(&planner, now: 0, is: .send(2))
        expectStep(&planner, now: 0, is: .read)
    }

    @Test func afterAStopNothingBegins() {
        var planner = DeliveryPlanner(limits: limits)
        _ = planner.next(now: 0)
        planner.pageArrived([0, 1], caughtUp: false, now: 0)
        expectStep(&planner, now: 0, is: .send(0))
        planner.stop()
        expectStep(&planner, now: 0, is: .wait(until: nil))
        #expect(planner.inFlightCount == 1)
    }

    /// Whatever order requests fail and finish in: each is delivered exactly once in the end, never more are under way
    /// than allowed, and a wait always ends.
    @Test(arguments: UInt64(1)...50)
    func everyRequestIsDeliveredInTheEnd(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var planner = DeliveryPlanner(limits: limits)
        var now: Int64 = 0
        var produced = 0
        var pages = 0
        var inFlight: Set<Int> = []
        var delivered: Set<Int> = []
        var steps = 0
        while delivered.count < 200 {
            steps += 1
            guard steps < 100_000 else {
                Issue.record("seed \(seed): stuck with \(delivered.count) delivered")
                return
            }
            switch planner.next(now: now) {
            case .send(let id):
                #expect(!delivered.contains(id) && inFlight.insert(id).inserted, "seed \(seed): \(id) sent twice")
                #expect(inFlight.count <= limits.inFlight, "seed \(seed)")
                continue
            case .read:
                pages += 1
                continue
            case .wait(let until):
                let canFinish = !inFlight.isEmpty || pages > 0
                #expect(canFinish || until != nil, "seed \(seed): waits for nothing")
                if !canFinish, let until { now = max(now, until) }
            }
            if pages > 0, Bool.random(using: &generator) || inFlight.isEmpty {
                pages -= 1
                let count = produced < 200 ? Int.random(in: 0...3, using: &generator) : 0
                planner.pageArrived(Array(produced..<produced + count), caughtUp: count == 0, now: now)
                produced += count
            } else if let id = inFlight.randomElement(using: &generator) {
                inFlight.remove(id)
                if Int.random(in: 0..<4, using: &generator) == 0 {
                    _ = planner.failed(
                        id, concernsDestination: Bool.random(using: &generator), retryAfter: nil, now: now,
                        using: &generator)
                } else {
                    planner.delivered(id)
                    #expect(delivered.insert(id).inserted, "seed \(seed): \(id) delivered twice")
                }
            }
            now += Int64.random(in: 0...50_000_000, using: &generator)
        }
    }
}
