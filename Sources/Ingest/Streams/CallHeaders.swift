internal import Contract
internal import GRPCCore

/// What the headers of a call say that concerns the gateway.
struct CallHeaders: Sendable {
    /// Every value of the Authorization header.
    var authorization: [String] = []
    /// The W3C trace parent of the call; empty without a valid one.
    var traceparent = ""

    init(authorization: [String] = [], traceparent: String? = nil) {
        self.authorization = authorization
        self.traceparent = traceparent.flatMap { TraceParent(headerValue: $0)?.text } ?? ""
    }

    init(_ metadata: Metadata) {
        let traceparents = Array(metadata[stringValues: "traceparent"])
        self.init(
            authorization: Array(metadata[stringValues: "authorization"]),
            // Several of them count as none, says the specification.
            traceparent: traceparents.count == 1 ? traceparents[0] : nil)
    }
}
