/// What one request to a destination may hold.
package struct RequestLimits: Sendable, Hashable {
    /// Messages in one request, at least 1.
    package var maximumMessages: Int

    /// Sum of `Destination.encodedSize` over a request of several messages, in bytes.
    package var maximumBytes: Int

    /// `Destination.encodedSize` of one message, in bytes. A message above `maximumBytes` (but within this) travels
    /// alone; a message above this can never be delivered.
    package var maximumMessageBytes: Int

    /// Requests under way at the same time.
    package var maximumInFlight: Int

    /// Makes limits; nothing is checked.
    package init(maximumMessages: Int, maximumBytes: Int, maximumMessageBytes: Int, maximumInFlight: Int) {
        self.maximumMessages = maximumMessages
        self.maximumBytes = maximumBytes
        self.maximumMessageBytes = maximumMessageBytes
        self.maximumInFlight = maximumInFlight
    }
}
