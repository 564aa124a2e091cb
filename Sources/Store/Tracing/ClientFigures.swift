/// What a spool and its ledger know of one client's events.
package struct ClientFigures: Sendable, Hashable {
    /// One destination's part.
    package struct Destination: Sendable, Hashable {
        /// Its name, as configured.
        package var name: String
        /// Whether it is configured, as far as the forwarder has said.
        package var isActive = true
        /// What its worker has learnt; nil before it has run.
        package var state: DestinationState?
        /// What became of the client's events.
        package var outcomes = OutcomeCounts()
        /// Accepted events of segments that are closed.
        package var closedEvents: Int64 = 0
        /// What waits.
        package var waitingEvents: Int64 = 0
        package var waitingBatches: Int64 = 0
        /// When the oldest batch that waits was received, in nanoseconds since 1970; nil when none waits.
        package var oldestWaitingAt: Int64?
        /// The newest delivery of which there is a receipt.
        package var lastReceipt: EventReceipt?

        /// Nothing is known yet.
        package init(name: String) {
            self.name = name
        }
    }

    /// Quarantined events that are kept, of one reason.
    package struct Quarantined: Sendable, Hashable {
        package var reason: String
        /// The reason, for people, of the newest one.
        package var detail: String
        package var events: Int64
        /// The newest one: when it was received (nanoseconds since 1970), and its name.
        package var newestAt: Int64
        package var newest: DeadLetterID

        /// Makes a count.
        package init(reason: String, detail: String, events: Int64, newestAt: Int64, newest: DeadLetterID) {
            self.reason = reason
            self.detail = detail
            self.events = events
            self.newestAt = newestAt
            self.newest = newest
        }
    }

    /// Dead letters of one code at one destination that are not delivered.
    package struct Letters: Sendable, Hashable {
        package var destination: String
        package var reason: String
        package var code: String
        /// The failure, for people, of the newest one.
        package var message: String
        package var events: Int64
        /// The newest one's number, and when it became one (nanoseconds since 1970).
        package var newest: Int64
        package var newestAt: Int64

        /// Makes a count.
        package init(
            destination: String, reason: String, code: String, message: String, events: Int64, newest: Int64,
            newestAt: Int64
        ) {
            self.destination = destination
            self.reason = reason
            self.code = code
            self.message = message
            self.events = events
            self.newest = newest
            self.newestAt = newestAt
        }
    }

    /// One entry a destination that a forwarder has ever served; empty before the first forwarder.
    package var destinations: [Destination] = []
    /// Its events in segments that are on disk, delivered or not.
    package var storedEvents: Int64 = 0
    /// When the newest batch of these was received, in nanoseconds since 1970; nil without one.
    package var newestStoredAt: Int64?
    package var quarantined: [Quarantined] = []
    package var letters: [Letters] = []
    /// Whether the ledger has a row of it.
    package var isInLedger = false
    /// Whether all segments were looked at in time; otherwise counts are lower bounds.
    package var isComplete = true
    /// Segments that could not be read, with the reason.
    package var problems: [String] = []

    /// Nothing is known yet.
    package init() {}

    /// Whether anything is known of the client.
    package var isEmpty: Bool {
        !isInLedger && storedEvents == 0 && newestStoredAt == nil && quarantined.isEmpty && letters.isEmpty
    }
}
