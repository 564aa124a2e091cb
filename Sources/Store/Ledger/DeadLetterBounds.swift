/// What is kept of one destination's dead letters at most.
package struct DeadLetterBounds: Sendable, Hashable {
    /// What happens at a bound.
    package enum Policy: String, Sendable, Hashable, CaseIterable {
        /// Nothing is dropped: the destination gets nothing more before there is room.
        case pause
        /// The oldest go.
        case expire
    }

    /// Letters.
    package var count: Int64
    /// Bytes of events and their metadata.
    package var bytes: Int64
    /// Nanoseconds since a letter became one.
    package var age: Int64
    /// What happens at a bound.
    package var policy: Policy

    /// Makes bounds from their parts; the defaults are those of the product.
    package init(
        count: Int64 = 1_000_000, bytes: Int64 = 1 << 30, age: Int64 = 30 * 86_400 * 1_000_000_000,
        policy: Policy = .pause
    ) {
        self.count = count
        self.bytes = bytes
        self.age = age
        self.policy = policy
    }
}
