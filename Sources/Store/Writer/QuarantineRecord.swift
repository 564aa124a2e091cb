/// An event that ingest could not accept: stored with its batch, so that its id may be acknowledged.
package struct QuarantineRecord: Sendable, Hashable {
    /// Where the event's bytes start in the batch's payload.
    package let offset: Int
    /// How many bytes they are.
    package let length: Int
    /// Why it was refused: a stable snake_case name.
    package let reason: String
    /// Why it was refused, for people.
    package let detail: String
    /// The event's id as received; may be empty.
    package let eventID: [UInt8]

    /// Makes a record from its parts.
    package init(offset: Int, length: Int, reason: String, detail: String, eventID: [UInt8]) {
        self.offset = offset
        self.length = length
        self.reason = reason
        self.detail = detail
        self.eventID = eventID
    }

    /// What the quarantine row must still add up to when it is read; the event's bytes are under the batch's checksum.
    func checksum(batch: Int64) -> UInt32 {
        var sum = Checksum()
        sum.add(batch)
        sum.add(Int64(offset))
        sum.add(Int64(length))
        sum.add(reason)
        sum.add(detail)
        eventID.withUnsafeBytes { sum.add($0) }
        return sum.value
    }
}
