/// An event that is well-formed protobuf but breaks a rule of the contract. Offsets and lengths are bytes in the
/// scanned message.
package struct RefusedEvent: Sendable, Hashable {
    /// Where the event's bytes begin.
    package let offset: UInt32
    /// How many bytes the event has.
    package let length: UInt32
    /// Where the event's id begins; 0 without an id.
    package let idOffset: UInt32
    /// How many bytes the id has; 0 without an id.
    package let idLength: UInt32
    /// The first rule it breaks.
    package let reason: RefusalReason

    /// The event's bytes in the scanned message.
    package var bytes: Range<Int> { Int(offset)..<Int(offset) + Int(length) }
    /// The id's bytes in the scanned message.
    package var id: Range<Int> { Int(idOffset)..<Int(idOffset) + Int(idLength) }
}
