internal import Forwarder
internal import Operator
internal import Store
internal import Testing

/// When a drain is over, and when it never will be.
@Suite struct DrainProgressTests {
    private func look(
        runs: Bool = true, draining: [String]? = ["a", "b"], acts: [OperatorAct] = []
    ) -> DrainProgress.Look {
        let workers = draining.map { names in
            ["a", "b"].map { DeliveryStatus(name: $0, isDraining: names.contains($0)) }
        }
        return DrainProgress.Look(forwarderRuns: runs, workers: workers, acts: acts)
    }

    private func paused(_ destination: String, by actor: String = "drain") -> OperatorAct {
        OperatorAct(actor: actor, action: "pause", destination: destination, detail: "drained")
    }

    @Test func itIsOverOnceEachDestinationIsPausedByIt() {
        var progress = DrainProgress(destinations: ["a", "b"], thenExit: false)
        #expect(progress.judge(look()) == .draining)
        #expect(progress.judge(look(draining: ["b"], acts: [paused("a")])) == .draining)
        #expect(progress.judge(look(draining: [], acts: [paused("b", by: "ann"), paused("a")])) == .draining)
        #expect(progress.judge(look(draining: [], acts: [paused("b"), paused("a")])) == .drained)
        // Also when the forwarder has ended in between.
        #expect(progress.judge(look(runs: false, draining: nil, acts: [paused("b"), paused("a")])) == .drained)
    }

    @Test func withAnExitItIsOverOnceTheDrainedForwarderHasEnded() {
        var progress = DrainProgress(destinations: ["a", "b"], thenExit: true)
        let drained = OperatorAct(actor: "drain", action: "drained")
        #expect(progress.judge(look()) == .draining)
        #expect(progress.judge(look(draining: [], acts: [drained])) == .draining)
        #expect(progress.judge(look(runs: false, draining: nil, acts: [drained])) == .drained)
    }

    @Test(arguments: [false, true]) func aForwarderThatEndsBeforeIsNoticed(_ thenExit: Bool) {
        var progress = DrainProgress(destinations: ["a", "b"], thenExit: thenExit)
        #expect(progress.judge(look(runs: false, draining: nil, acts: [paused("a")])) == .forwarderEnded)
    }

    @Test func aForwarderThatDoesNotAnswerIsWaitedFor() {
        var progress = DrainProgress(destinations: ["a"], thenExit: false)
        for _ in 0..<100 { #expect(progress.judge(look(draining: nil)) == .draining) }
    }

    @Test func anotherForwarderDoesNotDrain() {
        var progress = DrainProgress(destinations: ["a"], thenExit: false)
        var verdicts = Set<DrainProgress.Verdict>()
        // What others drain is no matter of this order.
        for _ in 0..<30 { verdicts.insert(progress.judge(look(draining: ["b"]))) }
        #expect(verdicts == [.draining, .givenUp])
    }
}
