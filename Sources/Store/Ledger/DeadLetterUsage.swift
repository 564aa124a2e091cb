/// What a destination's dead letters take, against their bounds.
package struct DeadLetterUsage: Sendable, Hashable {
    /// Letters that are not delivered.
    package var letters: Int64 = 0
    /// Bytes of them and their metadata.
    package var bytes: Int64 = 0
    /// When the oldest of them became one, in nanoseconds since 1970; nil without any.
    package var oldestAt: Int64?

    /// Nothing.
    package init() {}

    /// How full the store is, from 0; 1 and more is at a bound.
    package func fill(_ bounds: DeadLetterBounds, now: Int64) -> Double {
        func share(_ value: Int64, of bound: Int64) -> Double { bound > 0 ? Double(value) / Double(bound) : 1 }
        let age = oldestAt.map { share(max(0, now - $0), of: bounds.age) } ?? 0
        return max(share(letters, of: bounds.count), share(bytes, of: bounds.bytes), age)
    }
}
