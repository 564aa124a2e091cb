/// Where and how the one port listens.
package struct ListenerConfiguration: Sendable {
    /// The address or host name to listen on.
    package var host: String
    /// The port; 0 means any free one.
    package var port: Int
    /// The Unix socket of this process's HTTP/1.1 server, which answers everything that is not gRPC.
    package var httpSocketPath: String
    /// TLS; nil serves plaintext.
    package var security: ListenerSecurity?
    /// The limits.
    package var limits: ListenerLimits

    package init(
        host: String, port: Int, httpSocketPath: String, security: ListenerSecurity? = nil,
        limits: ListenerLimits = ListenerLimits()
    ) {
        self.host = host
        self.port = port
        self.httpSocketPath = httpSocketPath
        self.security = security
        self.limits = limits
    }
}
