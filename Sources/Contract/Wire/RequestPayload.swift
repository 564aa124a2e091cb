/// Which member of `RecordEventsRequest.payload` is set once the whole message was read.
package enum RequestPayload: Sendable, Hashable {
    /// None: the server ignores the message.
    case none
    /// The stream's metadata; ``WireScanner/metadataBytes(of:)`` has it.
    case metadata
    /// Events, possibly zero: always answered.
    case events
}
