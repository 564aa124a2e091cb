/// What a `RecordEventRequest` holds.
package struct UnaryScan: Sendable, Hashable {
    /// Bytes of the `RecordEventsRequestMetadata`; nil when the field is absent.
    package let metadata: [UInt8]?
    /// Bytes of the `Event`; nil when the field is absent.
    package let event: [UInt8]?
    /// The first rule that the event breaks; nil when it is acceptable or absent.
    package let refusal: RefusalReason?
    /// Where the event's id lies in ``event`` (bytes); empty without an id.
    package let id: Range<Int>
}
