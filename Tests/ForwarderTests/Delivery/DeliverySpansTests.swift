import Contract
import Observing
import Runtime
import Store
import TestSupport
import Testing

@testable import Forwarder

/// Requests are linked to the traces of their own events, and to no others.
@Suite struct DeliverySpansTests {
    private static func trace(_ number: UInt64, isSampled: Bool = true) -> TraceContext {
        TraceContext(traceHigh: 1, traceLow: number, span: number, isSampled: isSampled)
    }

    /// One message a request.
    private static func work(_ traces: [TraceContext?]) throws -> [PageRenderer<ScriptedDestination>.Work] {
        let renderer = try MessageRenderer(metadata: try TestEvents.stream().metadata)
        return try traces.enumerated().map { number, trace in
            let batch = try TestEvents.batch(Int64(number + 1), ["event-\(number)"])
            return PageRenderer<ScriptedDestination>.Work(
                batch: batch, renderer: renderer, client: .none, remaining: [0..<1], trace: trace)
        }
    }

    private static func requests(
        _ work: [PageRenderer<ScriptedDestination>.Work], _ spans: DeliverySpans
    ) async -> [PackedRequest] {
        let destination = ScriptedDestination(maximumMessages: 1)
        let page = PageRenderer(
            destination: destination,
            metrics: DeliveryMetrics(destination: destination.name, registry: PrometheusRegistry()), refused: [:])
        var requests = await page.render(work)
        if let span = spans.begin(work.map(\.trace), at: 0) { spans.rendered(&requests, of: work, span) }
        return requests
    }

    @Test func eachRequestHasTheTracesOfItsOwnEvents() async throws {
        let finished = Recorder<FinishedSpan>()
        let tracer = Tracer(sampler: TraceSampler(.parentOrOff)) { finished.record($0) }
        let spans = DeliverySpans(tracer: tracer, destination: "pubsub://project/topic")
        let work = try Self.work([Self.trace(1), nil, Self.trace(2, isSampled: false), Self.trace(3)])
        let requests = await Self.requests(work, spans)
        #expect(requests.map(\.traces.sampled) == [[Self.trace(1)], [], [], [Self.trace(3)]])
        #expect(requests.allSatisfy { $0.trace != nil }, "the page is recorded, so all of its requests are")
        let halves = requests[0].split(at: 1)
        #expect(halves.0.trace == requests[0].trace)
        #expect(finished.values.count == 1)
    }

    @Test func whatIsNotRecordedCarriesNothing() async throws {
        let finished = Recorder<FinishedSpan>()
        let tracer = Tracer(sampler: TraceSampler(.parentOrOff)) { finished.record($0) }
        let spans = DeliverySpans(tracer: tracer, destination: "file:///srv")
        let requests = await Self.requests(try Self.work([nil, Self.trace(2, isSampled: false)]), spans)
        #expect(requests.allSatisfy { $0.trace == nil && $0.traces == LinkedTraces() })
        #expect(finished.values.isEmpty)
    }

    @Test func aRecordingThatIsTriedAgainKeepsItsTraces() throws {
        let tracer = Tracer(sampler: TraceSampler(.parentOrOn)) { _ in }
        var earlier = RecordGroup()
        earlier.trace = tracer.begin(for: Self.linked(nil), at: 0)
        earlier.traces.add(Self.trace(1))
        var later = RecordGroup()
        later.traces.add(Self.trace(2))
        later.prepend(earlier)
        #expect(later.trace == earlier.trace)
        #expect(Set(later.traces.sampled) == [Self.trace(1), Self.trace(2)])
    }

    private static func linked(_ trace: TraceContext?) -> LinkedTraces {
        var traces = LinkedTraces()
        traces.add(trace)
        return traces
    }
}
