/// A quarantined event as it was read back.
package struct StoredQuarantine: Sendable, Hashable {
    /// The segment it lies in.
    package let segment: UInt64
    /// Its row in the segment's quarantine table.
    package let row: Int64
    /// When its batch was received, in nanoseconds since 1970.
    package let receivedAt: Int64
    /// The stream that sent it.
    package let stream: StreamRecord
    /// A stable snake_case name of the reason.
    package let reason: String
    /// The reason, for people.
    package let detail: String
    /// The event's id as received.
    package let eventID: [UInt8]
    /// The event's bytes as received.
    package let bytes: [UInt8]

    /// Makes a record from its parts.
    package init(
        segment: UInt64, row: Int64, receivedAt: Int64, stream: StreamRecord, reason: String, detail: String,
        eventID: [UInt8], bytes: [UInt8]
    ) {
        self.segment = segment
        self.row = row
        self.receivedAt = receivedAt
        self.stream = stream
        self.reason = reason
        self.detail = detail
        self.eventID = eventID
        self.bytes = bytes
    }
}
