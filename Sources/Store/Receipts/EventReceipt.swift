/// What is known of the delivery of one event.
package struct EventReceipt: Sendable, Hashable {
    /// When the destination had taken it, in nanoseconds since 1970, exact to the millisecond.
    package let deliveredAt: Int64
    /// What the destination calls the message; nil when it says nothing.
    package let messageID: String?
    /// Where the message is; nil when the destination does not say.
    package let place: String?

    /// Makes a receipt.
    package init(deliveredAt: Int64, messageID: String? = nil, place: String? = nil) {
        self.deliveredAt = deliveredAt
        self.messageID = messageID
        self.place = place
    }
}
