/// One of the batches that came in last.
package struct LatestBatch: Sendable, Hashable {
    /// When it was received, in nanoseconds since 1970.
    package let receivedAt: Int64
    /// Who sent it; nil when its stream's row can not be read.
    package let sender: StreamSender?
    /// Its accepted events.
    package let events: Int64
    /// Bytes of the message.
    package let payloadBytes: Int64
    /// The bytes of its first events; empty when the message is too long to be looked at.
    package let first: [[UInt8]]
}
