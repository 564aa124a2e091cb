/// The named limits of the one port: no connection is held for nothing.
package struct ListenerLimits: Sendable, Hashable {
    /// Connections open at once; further ones are closed at once and counted.
    package var connections = 1024
    /// Connections that the kernel keeps for us until they are accepted.
    package var backlog: Int32 = 512
    /// How long a TLS handshake may take.
    package var handshakeTime = Duration.seconds(10)
    /// How long a client may take to say which protocol it speaks: a request method, or HTTP/2's whole preface.
    package var firstBytesTime = Duration.seconds(10)
    /// How long the HTTP/1.1 server of this process may take to accept a connection.
    package var upstreamConnectTime = Duration.seconds(5)
    /// How long an HTTP/1.1 connection, or a request that came over HTTP/2 and is not gRPC, may move no byte in either
    /// direction.
    package var idleTime = Duration.seconds(120)
    /// How long an HTTP/1.1 client may send more slowly than `slowSenderBytesPerSecond` without having been answered.
    package var slowSenderTime = Duration.seconds(10)
    /// The rate that a request must arrive with once `slowSenderTime` is over.
    package var slowSenderBytesPerSecond = 100
    /// How long bytes are still read, and dropped, after the answer that ends a connection; closing at once could take the
    /// answer from the client.
    package var lingerTime = Duration.seconds(2)
    /// During a graceful shutdown an HTTP/1.1 connection gets no further requests once it was silent for this time …
    package var quiesceQuietTime = Duration.seconds(1)
    /// … and is closed after this time, whatever it does.
    package var quiesceTime = Duration.seconds(10)
    /// Requests other than gRPC that one HTTP/2 connection may have open at once.
    package var proxiedStreamsPerConnection = 32

    /// The standard limits.
    package init() {}
}
