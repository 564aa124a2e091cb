/// How often something was refused for one reason.
package struct SenderReason: Sendable, Hashable {
    /// A stable snake_case name.
    package let reason: String
    /// Calls or events.
    package var count: Int64
    /// The last time, in nanoseconds since 1970.
    package var lastAt: Int64

    /// Makes a count.
    package init(reason: String, count: Int64, lastAt: Int64) {
        self.reason = reason
        self.count = count
        self.lastAt = lastAt
    }
}
