/// The named limits of ingest: nothing on the way in grows without one of these.
package struct IngestLimits: Sendable, Hashable {
    /// Longest request message, in bytes. The service that this one replaces takes 90 MiB.
    package var messageBytes = 90 << 20
    /// Longest stream metadata, in bytes: it is part of every message that the stream's events become. A licence key is
    /// less than a kilobyte.
    package var metadataBytes = 64 << 10
    /// Bytes by which a message may pass the limit and still be read, so that its sender gets a status that says why it
    /// is refused. The transport resets the stream of a longer one.
    package var messageExcessBytes = 8 << 20
    /// Payload bytes received and not yet durable, over all streams. At the limit streams wait; a message larger than
    /// the limit is let through alone.
    package var bytesInFlight = 32 << 20
    /// Response bytes that one stream may leave unread. Exporters in the field read nothing before they have
    /// half-closed, so these must be held; 60,000 events of 36-byte ids are 2.3 MB.
    package var unreadAcknowledgementBytes = 16 << 20
    /// Streams open at once on one connection.
    package var streamsPerConnection = 128
    /// HTTP/2 flow-control window of a stream and a connection, in bytes.
    package var windowBytes = 1 << 20
    /// Largest HTTP/2 frame that a client may send, in bytes.
    package var frameBytes = 256 << 10
    /// Clients may ping this often, also without streams: exporters ping every 20 s.
    package var minimumPingInterval = Duration.seconds(10)
    /// A connection that has been silent for this long is asked whether it still lives.
    package var keepaliveTime = Duration.seconds(60)
    /// How long the answer to that may take.
    package var keepaliveTimeout = Duration.seconds(20)
    /// A connection without streams for this long is closed.
    package var connectionIdleTime = Duration.seconds(600)
    /// After GOAWAY, how long streams may take to end before their connection is closed.
    package var shutdownGraceTime = Duration.seconds(5)
    /// How long clients may take to answer the GOAWAY, before that time begins.
    package var shutdownAnswerTime = Duration.seconds(3)

    /// The standard limits.
    package init() {}
}
