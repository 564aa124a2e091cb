/// What is known of a batch without its payload. As the row says it: nothing of it is proven before the batch is read.
package struct BatchHeader: Sendable, Hashable {
    /// Where it lies.
    package let position: SpoolPosition
    /// Its stream's row in the segment; 0 when its row can not be read.
    package let stream: Int64
    /// Nanoseconds since 1970.
    package let receivedAt: Int64
    /// Accepted events.
    package let events: Int64
    /// Bytes of the message.
    package let payloadBytes: Int64

    /// Makes a header from its parts.
    package init(position: SpoolPosition, stream: Int64, receivedAt: Int64, events: Int64, payloadBytes: Int64) {
        self.position = position
        self.stream = stream
        self.receivedAt = receivedAt
        self.events = events
        self.payloadBytes = payloadBytes
    }
}
