/// A batch with events that a destination still needs.
package struct WaitingBatch: Sendable, Hashable {
    /// The batch as it was read back.
    package let batch: StoredBatch
    /// The stream that sent it.
    package let stream: StreamRecord
    /// The events that are still needed, counted from 0; never empty.
    package let remaining: [Range<Int>]

    /// How many events are still needed.
    package var eventCount: Int { remaining.reduce(0) { $0 + $1.count } }
}
