internal import Contract

/// The named limits of `POST /v1/events`.
struct EventsLimits: Sendable, Hashable {
    /// What one body may be.
    var body = EventBodyLimits.standard
    /// Bytes of bodies that are being received, decoded or made durable, over all requests. Above it senders are asked
    /// to come back (429).
    var bodyBytesInFlight = 64 << 20
    /// Longest service id, environment and request id (bytes): they are part of every message.
    var headerBytes = 256
    /// Bytes of a body that are decoded before other work gets its turn.
    var decodedPortionBytes = 256 << 10

    /// The standard limits.
    init() {}
}
