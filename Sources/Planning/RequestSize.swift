/// What planning knows about a request.
package struct RequestSize: Sendable, Hashable {
    /// Messages in it; at least one.
    package let messages: Int
    /// Bytes that it takes in memory.
    package let bytes: Int64
    /// How often its one event was refused alone before, by a process that is gone.
    package let attempts: Int
    /// It is not to be sent before this time.
    package let notBefore: Int64?
    /// Whether it is known already that the destination will never take its one event.
    package let isUndeliverable: Bool

    /// Describes a request.
    package init(
        messages: Int, bytes: Int64 = 0, attempts: Int = 0, notBefore: Int64? = nil, isUndeliverable: Bool = false
    ) {
        self.messages = max(1, messages)
        self.bytes = max(0, bytes)
        self.attempts = max(0, attempts)
        self.notBefore = notBefore
        self.isUndeliverable = isUndeliverable
    }
}
