internal import Runtime
package import Transfer

/// Where spans go, and which.
package struct TraceSettings: Sendable {
    /// Takes OTLP by POST.
    package var endpoint: PeerURL
    /// Sent with each request; values may be secrets.
    package var headers: [HTTPTransferRequest.Header] = []
    /// For one request.
    package var timeout = Duration.seconds(10)
    /// Whether bodies are compressed with gzip.
    package var compresses = false
    /// What is said of this process, in this order; of a repeated name the last value.
    package var resource: [(name: String, value: String)] = []
    /// Which traces are recorded.
    package var sampler = TraceSampler(.parentOrRatio)
    /// How many spans wait, and how they are sent.
    package var limits = OutboxLimits(capacity: 2048, batch: 512, interval: .seconds(5), attempts: 5)
}
