internal import Forwarder
internal import TestSupport
internal import Testing

@Suite struct WorkerBoardTests {
    private let acts = Recorder<String>()

    private func board() -> WorkerBoard {
        WorkerBoard(
            destinations: ["a", "b"], pause: { [acts] in acts.record("pause \($0)") },
            exit: { [acts] in acts.record("exit") })
    }

    @Test func workersAreToldAndSayHowTheyAre() async {
        let board = board()
        var requests = board.requests(for: "b").makeAsyncIterator()
        await board.pauseChanged(at: "b")
        await board.replayAdded(at: "a")
        await board.replayAdded(at: "b")
        #expect(await requests.next() == .pauseChanged)
        #expect(await requests.next() == .replayAdded)
        board.publish(DeliveryStatus(name: "b", breaker: "open", inFlight: 3))
        #expect(await board.status().map(\.breaker) == ["closed", "open"])
    }

    @Test func aDrainedDestinationIsPaused() async {
        let board = board()
        var requests = board.requests(for: "a").makeAsyncIterator()
        await board.drain(["a"], thenExit: false)
        #expect(await requests.next() == .drain)
        board.publish(DeliveryStatus(name: "a", inFlight: 1))
        #expect(await board.status().map(\.isDraining) == [true, false])
        await board.drained("a")
        #expect(await requests.next() == .pauseChanged)
        #expect(await board.status().map(\.isDraining) == [false, false])
        await board.drained("a")
        #expect(acts.values == ["pause a"])
    }

    @Test func theProcessEndsWithTheLastDrainedOne() async {
        let board = board()
        await board.drained("a")
        await board.drain(["a", "b"], thenExit: true)
        await board.drained("b")
        #expect(acts.values.isEmpty)
        await board.drained("a")
        #expect(acts.values == ["exit"])
    }
}
