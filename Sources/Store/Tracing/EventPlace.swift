/// Where an event was found, and what became of it.
package struct EventPlace: Sendable, Hashable {
    /// What became of it at one destination.
    package enum Fate: Sendable, Hashable {
        /// It waits for its turn.
        case waiting
        /// The destination has it; how, if there is a receipt of it.
        case delivered(EventReceipt?)
        /// It is a dead letter of that number, for a code and a reason in words.
        case dead(letter: Int64, code: String, message: String)
        /// The destination needs it no more, and no receipt and no letter says why: delivered, or given up by a setting or an
        /// operator.
        case resolved
    }

    /// One destination's part.
    package struct Destination: Sendable, Hashable {
        package var name: String
        package var isActive: Bool
        package var state: DestinationState?
        package var fate: Fate

        /// Makes a part.
        package init(name: String, isActive: Bool = true, state: DestinationState? = nil, fate: Fate) {
            self.name = name
            self.isActive = isActive
            self.state = state
            self.fate = fate
        }
    }

    /// Why ingest could not accept it.
    package struct Refusal: Sendable, Hashable {
        package var reason: String
        package var detail: String
        /// Its name among the dead letters.
        package var id: DeadLetterID

        /// Describes a refusal.
        package init(reason: String, detail: String, id: DeadLetterID) {
            self.reason = reason
            self.detail = detail
            self.id = id
        }
    }

    package var segment: UInt64
    /// 0 for quarantined events that only the ledger has.
    package var batch: Int64
    /// Counted from 0; of a quarantined one its row.
    package var event: Int
    /// Nanoseconds since 1970.
    package var receivedAt: Int64
    package var client: String
    package var source: String
    /// Nil for an accepted event.
    package var refusal: Refusal?
    /// Empty for a quarantined event, and before the first forwarder.
    package var destinations: [Destination]

    /// Makes a place.
    package init(
        segment: UInt64, batch: Int64, event: Int, receivedAt: Int64, client: String, source: String,
        refusal: Refusal? = nil, destinations: [Destination] = []
    ) {
        self.segment = segment
        self.batch = batch
        self.event = event
        self.receivedAt = receivedAt
        self.client = client
        self.source = source
        self.refusal = refusal
        self.destinations = destinations
    }
}
