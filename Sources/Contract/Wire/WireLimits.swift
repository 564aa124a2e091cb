/// The limits a scan enforces.
package struct WireLimits: Sendable, Hashable {
    /// Messages and groups inside each other, the outermost counted. SwiftProtobuf's default is the same number.
    package var maximumDepth: Int
    /// Bytes of one message. Offsets are 32 bits wide and protobuf ends at 2 GiB, so more is never taken.
    package var maximumMessageBytes: Int
    /// Events of one message. Two bytes on the wire make an event that is refused with a record of its own, so the size
    /// of the message alone would not bound memory.
    package var maximumEvents: Int

    /// The deepest nesting (messages) that every decoder behind the gateway can still read.
    package static let standardDepth = 100
    /// Protobuf's own limit for a length (bytes).
    package static let protobufMaximumBytes = 0x7fff_fffe

    /// Events of one message; exporters in the field send about 2,000 and never more than 10,000.
    package static let standardEvents = 1_000_000

    /// The limits of the wire contract; the transport has its own, smaller limit for a message.
    package static let standard = WireLimits()

    package init(
        maximumDepth: Int = WireLimits.standardDepth, maximumMessageBytes: Int = WireLimits.protobufMaximumBytes,
        maximumEvents: Int = WireLimits.standardEvents
    ) {
        self.maximumDepth = maximumDepth
        self.maximumMessageBytes = min(maximumMessageBytes, WireLimits.protobufMaximumBytes)
        self.maximumEvents = maximumEvents
    }
}
