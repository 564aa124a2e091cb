internal import Operator
internal import Testing

@Suite struct AcknowledgementTallyTests {
    @Test func answersBelongToBatchesInOrder() {
        let tally = AcknowledgementTally()
        tally.send(ids: ["a", "b"], bytes: 10)
        tally.send(ids: ["c"], bytes: 5)
        tally.acknowledge(["a", "b"])
        tally.acknowledge(["c"])
        tally.finish()
        let figures = tally.figures
        #expect(figures.events == 3)
        #expect(figures.batches == 2)
        #expect(figures.bytes == 15)
        #expect(figures.acknowledged == 3)
        #expect(figures.missing == 0)
    }

    @Test func missingAndUnexpectedIDsAreCounted() {
        let tally = AcknowledgementTally()
        tally.send(ids: ["a", "b", "a"], bytes: 0)
        tally.acknowledge(["a", "x"])
        tally.finish()
        #expect(tally.figures.acknowledged == 1)
        #expect(tally.figures.missingIDs == ["b", "a"])
        #expect(tally.figures.unexpected == 1)
    }

    @Test func unansweredBatchesAreMissingOnceTheStreamIsOver() {
        let tally = AcknowledgementTally()
        tally.send(ids: (0..<25).map { "e\($0)" }, bytes: 0)
        #expect(tally.figures.missing == 0)
        tally.finish()
        #expect(tally.figures.missing == 25)
        #expect(tally.figures.missingIDs == (0..<10).map { "e\($0)" })
    }
}
