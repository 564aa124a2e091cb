/// A request that a destination has taken, for its receipt.
package struct DeliveredRequest: Sendable, Hashable {
    /// When, in nanoseconds since 1970.
    package let at: Int64
    /// The events of its messages, in their order.
    package let resolutions: [Resolution]
    /// What the destination calls them.
    package let references: DeliveryReferences

    /// Makes one from its parts.
    package init(at: Int64, resolutions: [Resolution], references: DeliveryReferences) {
        self.at = at
        self.resolutions = resolutions
        let messages = resolutions.reduce(0) { $0 + $1.events.count }
        self.references = references.fits(messages) ? references : .none
    }
}
