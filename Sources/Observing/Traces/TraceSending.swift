internal import Logging
internal import Runtime
internal import SwiftProtobuf
internal import Transfer

/// Sends spans as OTLP over HTTP, by the protocol's rules: 429, 502, 503 and 504 are tried again, not before the receiver
/// wants; every other refusal is final.
struct TraceSending: Sendable {
    private let settings: TraceSettings
    private let resource: [SpanAttribute]
    private let exchange: HTTPExchange
    private let log: ReceiverLog

    init(_ settings: TraceSettings, exchange: @escaping HTTPExchange, logger: Logger) {
        self.settings = settings
        self.exchange = exchange
        resource = settings.resource.map { SpanAttribute($0.name, $0.value) }
        log = ReceiverLog(receiver: settings.endpoint.authority, what: "a request with spans", logger: logger)
    }

    func send(_ spans: [FinishedSpan]) async -> OutboxResult {
        guard var body = TraceRequest(spans, resource: resource).bytes else { return .refused }
        var headers =
            [HTTPTransferRequest.Header("Content-Type", "application/x-protobuf")] + settings.headers
        if settings.compresses, let compressed = GzipBody.compressed(body) {
            body = compressed
            headers.append(HTTPTransferRequest.Header("Content-Encoding", "gzip"))
        }
        let request = HTTPTransferRequest(
            url: settings.endpoint.text, security: settings.endpoint.security, headers: headers, body: body,
            timeout: settings.timeout)
        do throws(TransferError) {
            return result(of: try await exchange(request), spans: spans.count)
        } catch {
            log.note("\(error)")
            return .later(nil)
        }
    }

    private func result(of response: HTTPTransferResponse, spans: Int) -> OutboxResult {
        switch response.status {
        case 200..<300:
            let answer = try? Otlp_ExportTraceServiceResponse(serializedBytes: response.body)
            let refused = Int(clamping: answer?.partialSuccess.rejectedSpans ?? 0)
            // The receiver's own words are not repeated: they may quote what it was sent.
            if refused > 0 { log.note("\(refused) of \(spans) spans were refused") }
            return .taken(refused: refused)
        case 429, 502, 503, 504:
            log.note("HTTP \(response.status)")
            return .later(response.retryAfter(now: WallClock.now()))
        default:
            log.note("HTTP \(response.status): check OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS")
            return .refused
        }
    }
}
