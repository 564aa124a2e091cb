/// A batch's row as it lies in SQLite's memory, its checksum holding: only for as long as it is lent.
struct LentBatch {
    /// Its stream's row in the segment.
    let stream: Int64
    /// Nanoseconds since 1970.
    let receivedAt: Int64
    /// Offset and length of each accepted event, as 32-bit numbers.
    let index: UnsafeRawBufferPointer
    /// The message as it was received.
    let payload: UnsafeRawBufferPointer

    /// - Returns: nil when the row is not as it was written.
    init?(
        id: Int64, stream: Int64, receivedAt: Int64, checksum: Int64, index: UnsafeRawBufferPointer,
        payload: UnsafeRawBufferPointer
    ) {
        self.stream = stream
        self.receivedAt = receivedAt
        self.index = index
        self.payload = payload
        let expected = BatchRecord.checksum(
            row: id, stream: stream, receivedAt: receivedAt, index: index, payload: payload)
        guard checksum == Int64(expected), isInside else { return nil }
    }

    /// How many accepted events it has.
    var eventCount: Int { index.count / 8 }

    /// The bytes of one event, counted from 0.
    func event(_ event: Int) -> UnsafeRawBufferPointer {
        let range = range(event)
        return UnsafeRawBufferPointer(rebasing: payload[range.start..<(range.start + range.length)])
    }

    private var isInside: Bool {
        guard index.count % 8 == 0 else { return false }
        return (0..<eventCount).allSatisfy { event in
            let range = range(event)
            return range.start + range.length <= payload.count
        }
    }

    private func range(_ event: Int) -> (start: Int, length: Int) {
        let start = index.loadUnaligned(fromByteOffset: 8 * event, as: UInt32.self)
        let length = index.loadUnaligned(fromByteOffset: 8 * event + 4, as: UInt32.self)
        return (Int(start), Int(length))
    }
}
