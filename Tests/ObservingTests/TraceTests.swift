import Runtime
import Synchronization
import TestSupport
import Testing

@testable import Observing

/// Which spans there are, and how they hang together.
@Suite struct TraceTests {
    private static let sender = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private static func tracer(_ name: TraceSampler.Name, ratio: Double = 0) -> (Tracer, Recorder<FinishedSpan>) {
        let spans = Recorder<FinishedSpan>()
        return (Tracer(sampler: TraceSampler(name, ratio: ratio)) { spans.record($0) }, spans)
    }

    @Test func aContextIsReadAndWritten() throws {
        let context = try #require(TraceContext(traceparent: Self.sender))
        #expect(context.isSampled)
        #expect(context.traceHigh == 0x0af7_6519_16cd_43dd)
        #expect(context.description == Self.sender)
        for text in ["", "00-", Self.sender + "0", Self.sender.uppercased(), Self.sender.replacing("-", with: " ")] {
            #expect(TraceContext(traceparent: text) == nil, "\(text)")
        }
    }

    @Test(
        arguments: [
            (.alwaysOn, [true, true, true]), (.alwaysOff, [false, false, false]), (.ratio, [false, false, false]),
            (.parentOrOn, [true, true, false]), (.parentOrOff, [false, true, false]),
            (.parentOrRatio, [false, true, false]),
        ] as [(TraceSampler.Name, [Bool])])
    func theSamplersOfTheSpecification(_ name: TraceSampler.Name, _ expected: [Bool]) throws {
        let (tracer, _) = Self.tracer(name)
        let parents = [nil, Self.sender, Self.sender.dropLast(2) + "00"].map {
            $0.map { TraceContext(traceparent: $0) }
        }
        #expect(parents.map { tracer.begin(below: $0 ?? nil) != nil } == expected)
    }

    @Test func theShareOfTheTracesIsKept() {
        let sampler = TraceSampler(.ratio, ratio: 0.25)
        var generator = SeededGenerator(seed: 7)
        let hits = (0..<20_000).count { _ in sampler.samples(traceLow: generator.next()) }
        #expect((4_600...5_400).contains(hits), "\(hits) of 20000, seed 7")
        #expect(!TraceSampler(.ratio, ratio: 0).samples(traceLow: .max))
        #expect(TraceSampler(.ratio, ratio: 1).samples(traceLow: 0))
    }

    @Test func spansHangBelowTheSender() throws {
        let (tracer, spans) = Self.tracer(.parentOrRatio)
        let parent = try #require(TraceContext(traceparent: Self.sender))
        let call = try #require(tracer.begin(below: parent))
        let batch = tracer.begin(below: call, at: call.began + 5)
        tracer.end(batch, "batch", at: call.began + 7)
        tracer.end(call, "call", kind: .server, attributes: [SpanAttribute("gateway.events", 3)], isError: true)
        let message = TraceRequest(spans.values, resource: [SpanAttribute("service.name", "test")]).message
        let process = try #require(message.resourceSpans.first)
        #expect(process.resource.attributes.map(\.value.stringValue) == ["test"])
        let encoded = try #require(process.scopeSpans.first?.spans)
        #expect(encoded.map(\.name) == ["batch", "call"])
        #expect(encoded.allSatisfy { $0.traceID == encoded[0].traceID && $0.traceID.count == 16 })
        #expect(encoded[0].parentSpanID == encoded[1].spanID)
        #expect(Array(encoded[1].parentSpanID) == [0xb7, 0xad, 0x6b, 0x71, 0x69, 0x20, 0x33, 0x31])
        #expect(encoded.map(\.flags) == [0x101, 0x301])
        #expect(encoded[0].endTimeUnixNano - encoded[0].startTimeUnixNano == 2)
        #expect(encoded.map(\.status.code) == [.unset, .error])
        #expect(encoded[1].attributes.first?.value.intValue == 3)
    }

    @Test func aPageIsRecordedWhenOneOfItsStreamsIs() throws {
        let (tracer, _) = Self.tracer(.parentOrRatio, ratio: 1)
        let sampled = try #require(TraceContext(traceparent: Self.sender))
        let other = TraceContext(traceHigh: 1, traceLow: 2, span: 3, isSampled: false)
        func recorded(_ tracer: Tracer, _ traces: [TraceContext?]) -> Bool {
            var linked = LinkedTraces()
            for trace in traces { linked.add(trace) }
            return tracer.begin(for: linked, at: 0) != nil
        }
        #expect(recorded(tracer, [other, sampled]))
        #expect(!recorded(tracer, [other]), "every stream's sender has decided against it")
        #expect(recorded(tracer, [other, nil]), "one stream has no sender's word: the share counts")
        #expect(!recorded(Self.tracer(.parentOrRatio, ratio: 0).0, [other, nil]))
        #expect(!recorded(Self.tracer(.alwaysOff).0, [sampled]))
        #expect(!recorded(.off, [sampled]))
    }

    @Test func linksAreBoundedAndEachStandsOnce() {
        var linked = LinkedTraces()
        for number in 1...UInt64(FinishedSpan.maximumLinks + 5) {
            let trace = TraceContext(traceHigh: 1, traceLow: number, span: number, isSampled: true)
            linked.add(trace)
            if number == 1 { linked.add(trace) }
        }
        #expect(linked.sampled.count == FinishedSpan.maximumLinks)
        #expect(linked.dropped == 5)
    }

    @Test func textsOfSendersAreCut() {
        let attribute = SpanAttribute("x", String(repeating: "y", count: 100_000))
        #expect(attribute.value == .text(String(repeating: "y", count: SpanAttribute.maximumTextLength)))
    }
}
