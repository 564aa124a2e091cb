internal import FoundationEssentials
internal import Runtime
internal import SwiftProtobuf

/// Spans as the body of an OTLP request.
struct TraceRequest {
    /// The version of the semantic conventions whose names the attributes have.
    static let schemaURL = "https://opentelemetry.io/schemas/1.37.0"

    private static let hasRemoteFlag: UInt32 = 0x100
    private static let remoteFlag: UInt32 = 0x200
    private static let sampledFlag: UInt32 = 1

    let message: Otlp_ExportTraceServiceRequest

    init(_ spans: [FinishedSpan], resource: [SpanAttribute]) {
        var scope = Otlp_ScopeSpans()
        scope.scope.name = "telemetry-gateway"
        scope.scope.version = GatewayVersion.current
        scope.schemaURL = Self.schemaURL
        scope.spans = spans.map(Self.span)
        var process = Otlp_ResourceSpans()
        process.resource.attributes = resource.map(Self.attribute)
        process.schemaURL = Self.schemaURL
        process.scopeSpans = [scope]
        var request = Otlp_ExportTraceServiceRequest()
        request.resourceSpans = [process]
        message = request
    }

    /// The bytes; nil when the message can not be encoded.
    var bytes: [UInt8]? { try? message.serializedBytes() }

    private static func span(_ finished: FinishedSpan) -> Otlp_Span {
        let open = finished.span
        var span = Otlp_Span()
        span.traceID = bytes(open.context.traceHigh) + bytes(open.context.traceLow)
        span.spanID = bytes(open.context.span)
        if open.parent != 0 { span.parentSpanID = bytes(open.parent) }
        span.flags = sampledFlag | hasRemoteFlag | (open.isParentRemote ? remoteFlag : 0)
        span.name = finished.name
        span.kind = Otlp_Span.SpanKind(rawValue: finished.kind.rawValue) ?? .unspecified
        span.startTimeUnixNano = UInt64(max(0, open.began &+ open.wallOffset))
        span.endTimeUnixNano = UInt64(max(0, finished.ended &+ open.wallOffset))
        span.attributes = finished.attributes.map(attribute)
        span.links = finished.links.map { context in
            var link = Otlp_Span.Link()
            link.traceID = bytes(context.traceHigh) + bytes(context.traceLow)
            link.spanID = bytes(context.span)
            link.flags = (context.isSampled ? sampledFlag : 0) | hasRemoteFlag | remoteFlag
            return link
        }
        span.droppedLinksCount = UInt32(clamping: finished.droppedLinks)
        if finished.isError { span.status.code = .error }
        return span
    }

    private static func attribute(_ attribute: SpanAttribute) -> Otlp_KeyValue {
        var pair = Otlp_KeyValue()
        pair.key = attribute.name
        switch attribute.value {
        case .text(let text): pair.value.stringValue = text
        case .integer(let number): pair.value.intValue = Int64(number)
        }
        return pair
    }

    private static func bytes(_ number: UInt64) -> Data {
        withUnsafeBytes(of: number.bigEndian) { Data($0) }
    }
}
