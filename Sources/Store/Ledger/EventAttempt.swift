/// An event that failed alone and will be tried again. It survives a restart.
package struct EventAttempt: Sendable, Hashable {
    /// Where it lies.
    package var address: EventAddress
    /// How often it was tried.
    package var attempts: Int
    /// The first failure, in nanoseconds since 1970.
    package var firstFailedAt: Int64
    /// The last failure, in nanoseconds since 1970.
    package var lastFailedAt: Int64
    /// When it is to be tried again, in nanoseconds since 1970.
    package var nextTryAt: Int64
    /// The newest failures, oldest first; at most 20 are kept.
    package var history: [AttemptFailure]

    /// Makes an attempt from its parts.
    package init(
        address: EventAddress, attempts: Int, firstFailedAt: Int64, lastFailedAt: Int64, nextTryAt: Int64,
        history: [AttemptFailure] = []
    ) {
        self.address = address
        self.attempts = attempts
        self.firstFailedAt = firstFailedAt
        self.lastFailedAt = lastFailedAt
        self.nextTryAt = nextTryAt
        self.history = history
    }
}
