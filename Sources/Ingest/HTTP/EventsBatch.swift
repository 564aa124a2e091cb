internal import Contract

/// The events of one HTTP request, ready to be scanned and stored like those of a stream.
struct EventsBatch: Sendable {
    /// Who sends them; the token was checked.
    let sender: EventsSender
    /// An encoded `RecordEventsRequestMetadata`.
    let metadata: [UInt8]
    /// An encoded `RecordEventsRequest` with an events payload of at least one event.
    let request: [UInt8]
    /// How many events that is.
    let eventCount: Int
    /// The value of the traceparent header as it came, when there was exactly one.
    let traceparent: String?
}
