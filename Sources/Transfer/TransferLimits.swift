/// What `CurlTransfers` keeps to and is not part of a request.
package enum TransferLimits {
    /// For a whole transfer where the request says nothing else.
    package static let timeout: Duration = .seconds(60)
    /// For name lookup, connection and TLS handshake together.
    package static let connectTimeout: Duration = .seconds(10)
    /// Response body where the request says nothing else, in bytes.
    package static let responseBytes = 1 << 20
    /// Header and trailer lines kept for one response; later ones are ignored.
    package static let headerLines = 100
    /// Bytes of one header line that is kept; longer lines are ignored.
    package static let headerLineBytes = 16 << 10
    /// Transfers queued and under way together; more are refused.
    package static let transfers = 256
    /// Connections to one host.
    package static let connectionsToHost = 8
    /// Streams on one HTTP/2 connection.
    package static let streamsOnConnection = 100
    /// A transfer slower than this, in bytes per second …
    package static let lowSpeedBytes = 1
    /// … for this many seconds is given up.
    package static let lowSpeedSeconds = 30
    /// A connection idle for this many seconds is not used again.
    package static let connectionIdleSeconds = 60
    /// A connection older than this is not used again, in seconds. Google's front ends close theirs after about an hour,
    /// sometimes without saying so.
    package static let connectionLifetimeSeconds = 1500
    /// Longest sleep of the transfer thread, in milliseconds: a lost wake-up costs no more.
    package static let pollMilliseconds: Int32 = 1000
    /// curl's upload buffer for one transfer, in bytes (16 KiB … 2 MiB).
    package static let uploadBufferBytes = 256 << 10
    /// Easy handles kept for the next transfers.
    package static let pooledHandles = 16
    /// What is believed of a peer's wish to wait, in seconds.
    package static let retryAfterSeconds: Int64 = 600
    /// How peers see us, whichever of our processes asks.
    package static let userAgent = "telemetry-gateway"
    /// How long a shutdown waits for transfers under way.
    package static let shutdownGrace: Duration = .seconds(5)
}
