/// Why the one port ended a connection or refused a request by itself. Raw values are stable: they label metrics and logs.
package enum ListenerRefusal: String, Error, Sendable, Hashable, CaseIterable {
    /// Too many connections are open.
    case connectionLimit = "connection_limit"
    /// The TLS handshake failed: no common version, no accepted client certificate, not TLS at all.
    case tlsFailed = "tls_failed"
    /// The TLS handshake took too long.
    case handshakeDeadline = "handshake_deadline"
    /// The client did not say in time which protocol it speaks.
    case firstBytesDeadline = "first_bytes_deadline"
    /// A TLS client on a port without TLS.
    case tlsOnPlaintext = "tls_on_plaintext"
    /// The first bytes are neither HTTP/1.1 nor HTTP/2.
    case notHTTP = "not_http"
    /// The client speaks another protocol than it negotiated in the TLS handshake.
    case notNegotiated = "not_negotiated"
    /// A request arrives more slowly than the limit allows.
    case slowSender = "slow_sender"
    /// No byte moved for too long.
    case idle = "idle"
    /// The HTTP/1.1 server of this process does not accept connections.
    case httpUnavailable = "http_unavailable"
    /// Too many requests other than gRPC at once in one HTTP/2 connection.
    case proxiedStreamLimit = "proxied_stream_limit"
    /// An HTTP/2 request that cannot be said in HTTP/1.1.
    case malformedRequest = "malformed_request"
}
