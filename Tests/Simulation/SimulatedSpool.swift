internal import Planning

/// Batches in segments, as ingest leaves them; it survives every crash.
package struct SimulatedSpool {
    package struct Batch {
        package let client: Int32
        package let events: Int
        /// The number of its first event; the others follow.
        package let firstEvent: Int
        package let bytes: Int64
        /// Nanoseconds of simulated time.
        package let receivedAt: Int64

        package var eventNumbers: Range<Int> { firstEvent..<firstEvent + events }
    }

    let batchesPerSegment: Int
    private var segments: [[Batch]] = [[]]
    package private(set) var eventCount = 0

    init(batchesPerSegment: Int) { self.batchesPerSegment = batchesPerSegment }

    /// Where the newest batch lies.
    var end: BatchAddress {
        BatchAddress(segment: UInt64(segments.count), batch: Int64(segments[segments.count - 1].count))
    }

    package mutating func append(client: Int32, events: Int, bytes: Int64, at time: Int64) {
        if segments[segments.count - 1].count == batchesPerSegment { segments.append([]) }
        segments[segments.count - 1].append(
            Batch(client: client, events: events, firstEvent: eventCount, bytes: bytes, receivedAt: time))
        eventCount += events
    }

    subscript(address: BatchAddress) -> Batch { segments[Int(address.segment) - 1][Int(address.batch) - 1] }

    /// The batches of one segment after a place, as the reader shows them.
    func look(after place: BatchAddress, limit: Int) -> (batches: [BatchAddress], through: BatchAddress, atEnd: Bool) {
        let number = max(1, place.segment)
        guard number <= UInt64(segments.count) else { return ([], place, true) }
        let count = segments[Int(number) - 1].count
        let first = place.segment == number ? Int(place.batch) + 1 : 1
        let last = min(count, first + limit - 1)
        let batches = first <= last ? (first...last).map { BatchAddress(segment: number, batch: Int64($0)) } : []
        guard last == count else { return (batches, BatchAddress(segment: number, batch: Int64(last)), false) }
        if number < UInt64(segments.count) {
            return (batches, BatchAddress(segment: number + 1, batch: 0), false)
        }
        return (batches, BatchAddress(segment: number, batch: Int64(max(last, first - 1))), true)
    }
}
