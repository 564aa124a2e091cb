internal import Observing
internal import Store

/// The spans of one destination's worker: a page that is read and rendered; below it each request with events of the page,
/// and their recording in the ledger. The events' own traces are links, because a page has events of many of them.
struct DeliverySpans: Sendable {
    private let tracer: Tracer
    private let destination: String
    private let publishName: String
    private let publishAttributes: [SpanAttribute]

    /// - Parameter destination: the destination's name.
    init(tracer: Tracer, destination: String) {
        self.tracer = tracer
        self.destination = destination
        (publishName, publishAttributes) = Self.describe(destination)
    }

    /// Whether anything may be recorded.
    var isOn: Bool { tracer.isOn }

    /// Begins the span of a page; nil when it is not recorded.
    /// - Parameter traces: those of its batches' streams.
    func begin(_ traces: some Sequence<TraceContext?>, at monotonic: Int64) -> OpenSpan? {
        var linked = LinkedTraces()
        for trace in traces { linked.add(trace) }
        return tracer.begin(for: linked, at: monotonic)
    }

    /// The page is read and rendered: ends its span, and lets its requests know.
    func rendered<Target>(
        _ requests: inout [PackedRequest], of work: [PageRenderer<Target>.Work], _ span: OpenSpan
    ) {
        var traces: [BatchPlace: TraceContext] = [:]
        var linked = LinkedTraces()
        for item in work {
            linked.add(item.trace)
            traces[BatchPlace(segment: item.batch.segment, batch: item.batch.id)] = item.trace
        }
        for index in requests.indices where requests[index].problem == nil {
            requests[index].trace = span
            for resolution in requests[index].resolutions {
                requests[index].traces.add(traces[BatchPlace(segment: resolution.segment, batch: resolution.batch)])
            }
        }
        tracer.end(
            span, "page",
            attributes: [
                SpanAttribute("gateway.destination", destination), SpanAttribute("gateway.batches", work.count),
                SpanAttribute("gateway.requests", requests.count),
            ], links: linked)
    }

    /// A request has ended.
    func published(
        _ request: PackedRequest, below page: OpenSpan, at monotonic: Int64, failure: DeliveryError?
    ) {
        var attributes = publishAttributes
        attributes += [
            SpanAttribute("messaging.batch.message_count", request.request.messages.count),
            SpanAttribute("gateway.bytes", request.messageBytes),
        ]
        if let failure { attributes.append(SpanAttribute("error.type", failure.code.rawValue)) }
        tracer.end(
            tracer.begin(below: page, at: monotonic), publishName, kind: .client, attributes: attributes,
            links: request.traces, isError: failure != nil)
    }

    /// What was delivered is recorded, or could not be.
    func recorded(_ group: RecordGroup, below page: OpenSpan, at monotonic: Int64, failure: StoreError?) {
        var attributes = [
            SpanAttribute("gateway.destination", destination), SpanAttribute("db.system.name", "sqlite"),
            SpanAttribute("gateway.batches", group.resolutions.count),
        ]
        if let failure { attributes.append(SpanAttribute("error.type", failure.code.description)) }
        tracer.end(
            tracer.begin(below: page, at: monotonic), "record", attributes: attributes, links: group.traces,
            isError: failure != nil)
    }

    private struct BatchPlace: Hashable {
        let segment: UInt64
        let batch: Int64
    }

    private static func describe(_ destination: String) -> (name: String, attributes: [SpanAttribute]) {
        var attributes = [
            SpanAttribute("gateway.destination", destination), SpanAttribute("messaging.operation.name", "publish"),
            SpanAttribute("messaging.operation.type", "send"),
        ]
        let systems = [("pubsub://", "gcp_pubsub"), ("kafka://", "kafka")]
        guard let (_, system) = systems.first(where: { destination.hasPrefix($0.0) }),
            let topic = destination.split(separator: "/").last
        else { return ("publish", attributes) }
        attributes += [
            SpanAttribute("messaging.system", system), SpanAttribute("messaging.destination.name", String(topic)),
        ]
        return ("publish \(topic)", attributes)
    }
}
