/// What a spool holds and how far it is delivered, read from its files by anybody at any time: both processes may be
/// running, or neither.
package struct SpoolStatus: Sendable, Hashable {
    /// One destination's part.
    package struct Destination: Sendable, Hashable {
        /// Its name, as configured.
        package var name: String
        /// Events delivered since the ledger was made.
        package var deliveredEvents: Int64
        /// Message bytes delivered since the ledger was made.
        package var deliveredBytes: Int64
        /// When something was last delivered, in nanoseconds since 1970; nil for never.
        package var lastDeliveryAt: Int64?
        /// What waits for it.
        package var waiting: SegmentTotals
        /// When the oldest batch that waits was received, in nanoseconds since 1970; nil when none waits.
        package var oldestWaitingAt: Int64?
        /// What became of all events so far.
        package var outcomes = OutcomeCounts()
        /// Whether it is configured, as far as the forwarder has said.
        package var isActive = true
        /// What its worker has learnt; nil before it has run.
        package var state: DestinationState?
        /// What its dead letters take.
        package var deadLetters = DeadLetterUsage()
        /// Dead letters that are being sent again.
        package var replaying: Int64 = 0

        /// Makes a destination's part from its parts.
        package init(
            name: String, deliveredEvents: Int64 = 0, deliveredBytes: Int64 = 0, lastDeliveryAt: Int64? = nil,
            waiting: SegmentTotals = SegmentTotals(), oldestWaitingAt: Int64? = nil
        ) {
            self.name = name
            self.deliveredEvents = deliveredEvents
            self.deliveredBytes = deliveredBytes
            self.lastDeliveryAt = lastDeliveryAt
            self.waiting = waiting
            self.oldestWaitingAt = oldestWaitingAt
        }
    }

    /// Segments on disk.
    package var segments = 0
    /// Segments on disk that get no more batches.
    package var sealedSegments = 0
    /// Bytes on disk of all segments, their logs included.
    package var bytesOnDisk: Int64 = 0
    /// All that is in the segments on disk, delivered or not.
    package var stored = SegmentTotals()
    /// One entry a destination that a forwarder has ever served; empty before the first forwarder.
    package var destinations: [Destination] = []
    /// Quarantined events: kept in the ledger, and in segments not yet finished.
    package var quarantinedEvents: Int64 = 0
    /// Batches that can not be read.
    package var damagedBatches: Int64 = 0
    /// Events in them, as far as is known.
    package var damagedEvents: Int64 = 0
    /// Segments that every destination has finished and that are kept to be sent again.
    package var retainedSegments = 0
    /// Bytes on disk of these; not in `bytesOnDisk`.
    package var retainedBytes: Int64 = 0
    /// Segments that could not be read at all, with the reason.
    package var unreadable: [String] = []
    /// Whether an ingest holds its lock now.
    package var ingestIsRunning = false
    /// Whether a forwarder holds its lock now.
    package var forwarderIsRunning = false

    /// The state of a spool that holds nothing.
    package init() {}
}
