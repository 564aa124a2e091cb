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

    /// Makes a record from its parts.
    package init(
        stream: StreamHandle, receivedAt: Int64, payload: [UInt8], index: [UInt32], quarantined: [QuarantineRecord] = []
    ) {
        self.stream = stream
        self.receivedAt = receivedAt
        self.payload = payload
        self.index = index
        self.quarantined = quarantined
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
