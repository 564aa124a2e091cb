import Contract
import Runtime
import Store
import TestSupport
import Testing

@testable import Forwarder

@Suite struct PageRendererTests {
    private func render(
        _ batches: [StoredBatch], _ destination: ScriptedDestination, refused: [EventAddress] = [],
        remaining: [Range<Int>]? = nil
    ) async throws -> [PackedRequest] {
        let record = try TestEvents.stream()
        let renderer = try MessageRenderer(metadata: record.metadata)
        let attempts = refused.map {
            ($0, EventAttempt(address: $0, attempts: 1, firstFailedAt: 0, lastFailedAt: 0, nextTryAt: 0))
        }
        let page = PageRenderer(
            destination: destination,
            metrics: DeliveryMetrics(destination: destination.name, registry: PrometheusRegistry()),
            refused: Dictionary(uniqueKeysWithValues: attempts))
        return await page.render(
            batches.map { batch in
                PageRenderer<ScriptedDestination>.Work(
                    batch: batch, renderer: renderer, client: .none, remaining: remaining ?? [0..<batch.eventCount])
            })
    }

    private func places(_ requests: [PackedRequest]) -> [[String]] {
        requests.map { $0.resolutions.map { "\($0.batch): \($0.events)" } }
    }

    @Test func aPageBecomesRequestsInOrder() async throws {
        let batches = [try TestEvents.batch(1, ["a", "b", "c"]), try TestEvents.batch(2, ["d", "e"])]
        let requests = try await render(batches, ScriptedDestination(maximumMessages: 4))
        #expect(places(requests) == [["1: 0..<3", "2: 0..<1"], ["2: 1..<2"]])
        #expect(requests.allSatisfy { $0.problem == nil })
        // A request of one message may wait for long: it holds no other.
        #expect(requests.last?.request.arena.messages.count == 1)
    }

    @Test func onlyWhatRemainsIsRendered() async throws {
        let batch = try TestEvents.batch(1, ["a", "b", "c", "d"])
        let requests = try await render([batch], ScriptedDestination(), remaining: [0..<1, 2..<4])
        #expect(places(requests) == [["1: 0..<1", "1: 2..<4"]])
    }

    @Test func eventsThatWereRefusedBeforeAreAlone() async throws {
        let batch = try TestEvents.batch(1, ["a", "b", "c", "d"])
        let address = EventAddress(segment: 1, batch: 1, event: 1)
        let requests = try await render([batch], ScriptedDestination(), refused: [address])
        #expect(places(requests) == [["1: 0..<1"], ["1: 1..<2"], ["1: 2..<4"]])
        #expect(requests[1].address == address)
    }

    @Test func eventsWithAProblemBecomeUndeliverableRequestsAndLeaveTheOthersWhole() async throws {
        let batch = try TestEvents.batch(1, ["a", "b", "c", "d"])
        let requests = try await render([batch], ScriptedDestination(unsendable: ["c"]))
        #expect(places(requests) == [["1: 0..<2"], ["1: 3..<4"], ["1: 2..<3"]])
        #expect(
            requests.map(\.problem)
                == [nil, nil, EventProblem(reason: "oversized", code: "oversized", message: "too large")])
        #expect(requests[2].request.messages.isEmpty, "there is nothing to send")
        // The message that is left out is in no request.
        let destination = ScriptedDestination()
        for request in requests where request.problem == nil { _ = try await destination.deliver(request.request) }
        #expect(destination.requests.values == [["a", "b"], ["d"]])
    }

    @Test func bytesThatAreNoEventAreUnrenderable() async throws {
        let good = try TestEvents.bytes("good")
        let payload = good + [0xff, 0xff, 0xff]
        let batch = StoredBatch(
            segment: 1, id: 1, stream: 1, receivedAt: 0, payload: payload,
            index: [0, UInt32(good.count), UInt32(good.count), 3])
        let requests = try await render([batch], ScriptedDestination())
        #expect(places(requests) == [["1: 0..<1"], ["1: 1..<2"]])
        #expect(requests.map { $0.problem?.reason } == [nil, "unrenderable"])
    }
}
