/// What a client speaks on the one port.
package enum ListenerProtocol: String, Sendable, Hashable, CaseIterable {
    /// HTTP/2, which carries gRPC; single requests in it may be plain HTTP.
    case http2
    /// HTTP/1.1.
    case http1
}
