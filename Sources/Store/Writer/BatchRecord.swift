/// One batch on its way into the spool: the message as it was received, and where its accepted events lie.
package struct BatchRecord: Sendable {
    /// The stream that sent it.
    package let stream: StreamHandle
    /// Nanoseconds since 1970.
    package let receivedAt: Int64
    /// The message's bytes, unchanged.
    package let payload: [UInt8]
    /// Offset and length of each accepted event in `payload`, in turn: two numbers an event.
    package let index: [UInt32]
    /// The events that could not be accepted.
    package let quarantined: [QuarantineRecord]
    /// Two independent hashes of sender and id for each event of `index`, in turn: events recorded before with the same
    /// two are left out. Empty to store all events.
    package let fingerprints: [UInt64]

    /// Makes a record from its parts.
    package init(
        stream: StreamHandle, receivedAt: Int64, payload: [UInt8], index: [UInt32],
        quarantined: [QuarantineRecord] = [], fingerprints: [UInt64] = []
    ) {
        self.stream = stream
        self.receivedAt = receivedAt
        self.payload = payload
        self.index = index
        self.quarantined = quarantined
        self.fingerprints = fingerprints
    }

    /// The same message with fewer events in the index, to be stored as it is.
    /// - Parameter ordinals: the events to leave out, in rising order.
    func removing(events ordinals: [UInt32]) -> BatchRecord {
        var kept: [UInt32] = []
        kept.reserveCapacity(index.count - 2 * ordinals.count)
        var next = 0
        for ordinal in ordinals.map(Int.init) {
            kept += index[next..<(2 * ordinal)]
            next = 2 * ordinal + 2
        }
        kept += index[next...]
        return BatchRecord(
            stream: stream, receivedAt: receivedAt, payload: payload, index: kept, quarantined: quarantined)
    }

    /// How many accepted events it has.
    package var eventCount: Int { index.count / 2 }

    /// What the batch row must still add up to when it is read.
    func checksum(row: Int64, stream: Int64) -> UInt32 {
        index.withUnsafeBytes { index in
            payload.withUnsafeBytes { payload in
                Self.checksum(row: row, stream: stream, receivedAt: receivedAt, index: index, payload: payload)
            }
        }
    }

    /// The checksum from the parts of a stored row.
    static func checksum(
        row: Int64, stream: Int64, receivedAt: Int64, index: UnsafeRawBufferPointer, payload: UnsafeRawBufferPointer
    ) -> UInt32 {
        var sum = Checksum()
        sum.add(row)
        sum.add(stream)
        sum.add(receivedAt)
        sum.add(Int64(index.count))
        sum.add(index)
        sum.add(payload)
        return sum.value
    }
}
