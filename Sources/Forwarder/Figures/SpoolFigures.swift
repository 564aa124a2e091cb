package import Store

/// What a spool holds and how delivery goes, at one moment: what people see and what the metrics say.
package struct SpoolFigures: Sendable, Hashable {
    /// One destination's part.
    package struct Destination: Sendable, Hashable {
        /// What the spool's files say about it.
        package var stored: SpoolStatus.Destination
        /// How delivery goes: from its worker, or, when none runs, what the ledger remembers.
        package var delivery: DeliveryStatus
        /// Until nothing waits any more.
        package var timeToEmpty: TimeLeft
        /// Times of the past that are being sent again, oldest order first.
        package var replays: [ReplayJob]

        /// Makes a part from its parts.
        package init(
            stored: SpoolStatus.Destination, delivery: DeliveryStatus, timeToEmpty: TimeLeft,
            replays: [ReplayJob] = []
        ) {
            self.replays = replays
            self.stored = stored
            self.delivery = delivery
            self.timeToEmpty = timeToEmpty
        }

        /// Its name, as configured.
        package var name: String { stored.name }
    }

    /// When, in nanoseconds since 1970.
    package var at: Int64
    /// What was found in the spool's files.
    package var status: SpoolStatus
    /// Bytes until the quota or the reserve is reached; nil when that is not known.
    package var roomBytes: Int64?
    /// Until the spool is full.
    package var timeToFull: TimeLeft
    /// One entry a destination.
    package var destinations: [Destination]

    /// Makes figures from their parts.
    package init(
        at: Int64, status: SpoolStatus, roomBytes: Int64?, timeToFull: TimeLeft, destinations: [Destination]
    ) {
        self.at = at
        self.status = status
        self.roomBytes = roomBytes
        self.timeToFull = timeToFull
        self.destinations = destinations
    }
}
