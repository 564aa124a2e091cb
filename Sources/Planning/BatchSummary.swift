/// What planning knows about a batch before its payload is read: enough to decide whose turn it is.
package struct BatchSummary: Sendable, Hashable {
    /// Where it lies.
    package let address: BatchAddress
    /// Who sent it, as a number that the caller gives to each client.
    package let client: Int32
    /// Events that are not resolved yet.
    package let events: Int32
    /// Payload bytes: its price in the clients' taking of turns.
    package let bytes: Int64
    /// When it was received, in nanoseconds since 1970.
    package let receivedAt: Int64

    /// Describes a batch.
    package init(address: BatchAddress, client: Int32, events: Int32, bytes: Int64, receivedAt: Int64) {
        self.address = address
        self.client = client
        self.events = events
        self.bytes = bytes
        self.receivedAt = receivedAt
    }
}
