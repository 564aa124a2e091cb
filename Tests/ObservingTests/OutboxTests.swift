import Metrics
import Runtime
import TestSupport
import Testing

@testable import Observing

/// What waits is bounded, what is refused is counted, and nobody waits for a receiver.
@Suite struct OutboxTests {
    private static let limits = OutboxLimits(capacity: 4, batch: 2, interval: .milliseconds(1), attempts: 3)
    private static let second: Int64 = 1_000_000_000

    private static func sent(_ queue: inout OutboxQueue<Int>, now: Int64 = 0) -> [Int]? {
        if case .send(let items) = queue.next(now: now) { items } else { nil }
    }

    @Test func itemsGoInOrderAndInBatches() {
        var queue = OutboxQueue<Int>(limits: Self.limits)
        #expect((1...5).map { queue.add($0) } == [true, true, true, true, false])
        #expect(Self.sent(&queue) == [1, 2])
        #expect(queue.ended(.taken(refused: 1), now: 0, jitter: 0) == [.sent: 1, .refused: 1])
        #expect(Self.sent(&queue) == [3, 4])
        #expect(queue.ended(.refused, now: 0, jitter: 0) == [.refused: 2])
        #expect(Self.sent(&queue) == nil)
        #expect(queue.count == 0)
    }

    @Test func aReceiversWishIsKeptAndPausesGrow() {
        var queue = OutboxQueue<Int>(limits: Self.limits)
        _ = queue.add(1)
        #expect(Self.sent(&queue) == [1])
        #expect(queue.ended(.later(.seconds(7)), now: 0, jitter: 0) == [:])
        #expect(Self.sent(&queue, now: 7 * Self.second - 1) == nil)
        #expect(Self.sent(&queue, now: 7 * Self.second) == [1])
        #expect(queue.ended(.later(nil), now: 0, jitter: 1) == [:])
        guard case .wait(let until) = queue.next(now: 0) else {
            Issue.record("no pause")
            return
        }
        #expect(until == 2 * Self.second, "the second pause is twice the first")
        #expect(Self.sent(&queue, now: until) == [1])
        #expect(queue.ended(.later(nil), now: 0, jitter: 0) == [.failed: 1], "three tries are enough")
        // What comes next keeps the pause, too.
        _ = queue.add(2)
        #expect(Self.sent(&queue, now: Self.second) == nil)
    }

    @Test func whatARunSends() async {
        let registry = PrometheusRegistry()
        let received = Recorder<[Int]>()
        let outbox = Outbox<Int>(limits: Self.limits, counter: "test_items", factory: registry) {
            received.record($0)
            return .taken(refused: 0)
        }
        for item in 1...6 { outbox.add(item) }
        outbox.finish(until: WallClock.monotonic() + Self.second)
        await outbox.run()
        #expect(received.values == [[1, 2], [3, 4]])
        let text = registry.exposition()
        #expect(text.contains("test_items_total{outcome=\"sent\"} 4\n"))
        #expect(text.contains("test_items_total{outcome=\"dropped\"} 2\n"))
    }

    @Test func anEndWaitsForNoPauseBeyondItsTime() async {
        let registry = PrometheusRegistry()
        let requests = Recorder<[Int]>()
        let outbox = Outbox<Int>(limits: Self.limits, counter: "test_items", factory: registry) {
            requests.record($0)
            return .later(.seconds(600))
        }
        for item in 1...3 { outbox.add(item) }
        outbox.finish(until: WallClock.monotonic() + Self.second)
        await outbox.run()
        #expect(requests.values == [[1, 2]], "a receiver that asked for a pause is left alone")
        #expect(outbox.unsentCount == 3)
        #expect(registry.exposition().contains("test_items_total{outcome=\"dropped\"} 3\n"))
    }
}
