import Store
import Testing

@testable import Forwarder

@Suite struct RecordingQueueTests {
    private func resolution(_ batch: Int64) -> Resolution {
        Resolution(segment: 1, batch: batch, events: 0..<1, batchEvents: 1)
    }

    private func queue(_ batches: [Int64]) -> RecordingQueue {
        var queue = RecordingQueue()
        queue.waiting.resolutions = batches.map(resolution)
        return queue
    }

    private func begin(_ queue: inout RecordingQueue, at now: Int64) -> RecordGroup? { queue.begin(now: now) }

    @Test func oneGroupAtATimeTakesAllThatWaits() {
        var queue = queue([1, 2])
        #expect(begin(&queue, at: 0)?.resolutions == [resolution(1), resolution(2)])
        #expect(queue.isRecording && !queue.isEmpty, "what is being recorded is not over")
        queue.waiting.resolutions.append(resolution(3))
        #expect(begin(&queue, at: 0) == nil)
        #expect(queue.retryAt == nil, "the end of the first wakes it")
        queue.succeeded()
        #expect(begin(&queue, at: 0)?.resolutions == [resolution(3)])
        queue.succeeded()
        #expect(queue.isEmpty && begin(&queue, at: 0) == nil)
    }

    @Test func aGroupThatFailsComesFirstAndLater() throws {
        var queue = queue([1])
        queue.waiting.deliveredBytes = 10
        queue.waiting.state = DestinationState(failures: 1)
        let begun = begin(&queue, at: 0)
        let group = try #require(begun)
        queue.waiting.resolutions.append(resolution(2))
        queue.waiting.deliveredBytes = 5
        queue.waiting.state = DestinationState(failures: 2)
        queue.failed(group, retryAt: 100)
        #expect(queue.retryAt == 100)
        #expect(begin(&queue, at: 99) == nil)
        let retried = begin(&queue, at: 100)
        let again = try #require(retried)
        #expect(again.resolutions == [resolution(1), resolution(2)])
        #expect(again.deliveredBytes == 15)
        #expect(again.state?.failures == 2, "the newer state counts")
    }

    @Test func sendingStopsOnlyWhenRecordingFailsAndMuchWaits() throws {
        var queue = queue([1])
        let begun = begin(&queue, at: 0)
        let group = try #require(begun)
        queue.waiting.resolutions = Array(repeating: resolution(2), count: RecordingQueue.maximumResolutions + 1)
        #expect(!queue.isBehind, "it is only slow")
        queue.failed(group, retryAt: 0)
        #expect(queue.isBehind)
        _ = begin(&queue, at: 0)
        queue.succeeded()
        #expect(!queue.isBehind)
    }

    @Test func manyBytesThatAreNotRecordedStopSendingToo() throws {
        var queue = queue([1])
        let begun = begin(&queue, at: 0)
        let group = try #require(begun)
        queue.failed(group, retryAt: 0)
        #expect(!queue.isBehind)
        queue.waiting.deliveredBytes = RecordingQueue.maximumBytes + 1
        #expect(queue.isBehind)
    }
}
