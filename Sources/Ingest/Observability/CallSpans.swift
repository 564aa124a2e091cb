internal import Contract
internal import GRPCCore
internal import Observing
internal import RPC
internal import Store

/// The spans of calls: the call itself, its batches, their commits. No text of a sender is in them but who it is.
struct CallSpans: Sendable {
    let tracer: Tracer

    /// Begins the span of a batch.
    func begin(below call: OpenSpan, at monotonic: Int64) -> OpenSpan { tracer.begin(below: call, at: monotonic) }

    /// A batch is over.
    /// - Parameters:
    ///   - duplicates: nil when it did not become durable.
    ///   - ticket: nil for a batch that needed no commit.
    func end(_ span: OpenSpan, _ outcome: BatchOutcome, duplicates: Int?, _ ticket: CommitTicket?) {
        if let ticket { committed(ticket, below: span) }
        tracer.end(
            span, "batch",
            attributes: [
                SpanAttribute("gateway.events", outcome.accepted + outcome.refusals.count),
                SpanAttribute("gateway.refused", outcome.refusals.count),
                SpanAttribute("gateway.duplicates", duplicates ?? 0),
            ], isError: duplicates == nil)
    }

    /// The group commit of a batch is over; nothing for one that never got into a group.
    func committed(_ ticket: CommitTicket, below span: OpenSpan) {
        guard let timing = ticket.timing else { return }
        tracer.end(
            tracer.begin(below: span, at: timing.began), "commit",
            attributes: [
                SpanAttribute("db.system.name", "sqlite"), SpanAttribute("gateway.commit.batches", timing.batches),
            ], isError: !timing.isDurable, at: timing.ended)
    }

    /// A call is over.
    func end(_ span: OpenSpan, _ summary: CallSummary) {
        var attributes = [
            SpanAttribute("gateway.batches", summary.batches), SpanAttribute("gateway.events", summary.events),
            SpanAttribute("gateway.refused", summary.refused), SpanAttribute("gateway.duplicates", summary.duplicates),
        ]
        if let sender = summary.sender {
            attributes += [
                SpanAttribute("gateway.source", sender.identity.source),
                SpanAttribute("gateway.client", sender.identity.client),
                SpanAttribute("gateway.request_id", sender.requestID),
            ]
        }
        if let failure = summary.failure {
            attributes.append(SpanAttribute("error.type", CallJournal.reason(of: failure).rawValue))
        }
        let name: String
        let isError: Bool
        switch summary.kind {
        case .http: (name, isError) = Self.describeHTTP(summary, &attributes)
        case .stream, .unary: (name, isError) = Self.describeRPC(summary, &attributes)
        }
        tracer.end(span, name, kind: .server, attributes: attributes, isError: isError)
    }

    private static func describeRPC(
        _ summary: CallSummary, _ attributes: inout [SpanAttribute]
    ) -> (name: String, isError: Bool) {
        let method = summary.kind == .stream ? GatewayMethods.recordEvents : GatewayMethods.recordEvent
        let code = summary.failure.map { ($0 as? any RPCErrorConvertible)?.rpcErrorCode ?? .cancelled }
        attributes += [
            SpanAttribute("rpc.system", "grpc"), SpanAttribute("rpc.service", GatewayMethods.serviceName),
            SpanAttribute("rpc.method", method.method),
            SpanAttribute("rpc.grpc.status_code", code?.rawValue ?? 0),
        ]
        // By the conventions the other codes are the caller's trouble.
        let ours: [RPCError.Code] = [
            .unknown, .deadlineExceeded, .unimplemented, .internalError, .unavailable, .dataLoss,
        ]
        return ("\(GatewayMethods.serviceName)/\(method.method)", code.map(ours.contains) ?? false)
    }

    private static func describeHTTP(
        _ summary: CallSummary, _ attributes: inout [SpanAttribute]
    ) -> (name: String, isError: Bool) {
        let status = (summary.failure as? IngestFailure).map { EventsProblem($0).status } ?? 200
        attributes += [
            SpanAttribute("http.request.method", "POST"), SpanAttribute("http.route", "/v1/events"),
            SpanAttribute("http.response.status_code", status),
        ]
        return ("POST /v1/events", status >= 500)
    }
}
