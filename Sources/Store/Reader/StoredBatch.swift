/// A batch as it was read back: its checksum holds, and every event range lies inside the payload.
package struct StoredBatch: Sendable, Hashable {
    /// The segment it lies in.
    package let segment: UInt64
    /// Its number in the segment, counted from 1 without gaps.
    package let id: Int64
    /// Its stream's row in the segment.
    package let stream: Int64
    /// Nanoseconds since 1970.
    package let receivedAt: Int64
    /// The message as it was received.
    package let payload: [UInt8]
    /// Offset and length of each accepted event in `payload`, in turn.
    package let index: [UInt32]

    /// Makes a batch from its parts; the reader has checked them.
    package init(segment: UInt64, id: Int64, stream: Int64, receivedAt: Int64, payload: [UInt8], index: [UInt32]) {
        self.segment = segment
        self.id = id
        self.stream = stream
        self.receivedAt = receivedAt
        self.payload = payload
        self.index = index
    }

    /// How many accepted events it has.
    package var eventCount: Int { index.count / 2 }

    /// Lends the bytes of one event, counted from 0, to `body`.
    package func withEvent<Result, Failure: Error>(
        _ event: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let start = Int(index[2 * event])
        let end = start + Int(index[2 * event + 1])
        return try payload.withUnsafeBufferPointer { (bytes) throws(Failure) -> Result in
            try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[start..<end])))
        }
    }
}
