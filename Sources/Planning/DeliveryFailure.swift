/// Why a request failed, as far as planning is concerned.
package struct DeliveryFailure: Sendable, Hashable {
    /// How far a failure reaches.
    package enum Scope: String, Sendable, Hashable, CaseIterable {
        /// This one message will never be taken.
        case event
        /// The request was refused because of something in it.
        case batch
        /// Nothing can be delivered there now.
        case destination
        /// This machine or process is the cause.
        case local
    }

    /// How far it reaches.
    package let scope: Scope
    /// Whether waiting alone may help; false means that somebody has to act, or that the content will never be taken.
    package let isRetriable: Bool
    /// Whether the destination says, by word or by silence, that it is asked for too much.
    package let isPushback: Bool
    /// Shortest wait that the destination asked for, in nanoseconds.
    package let retryAfter: Int64?

    /// Describes a failure.
    package init(scope: Scope, isRetriable: Bool, isPushback: Bool = false, retryAfter: Int64? = nil) {
        self.scope = scope
        self.isRetriable = isRetriable
        self.isPushback = isPushback
        self.retryAfter = retryAfter
    }
}
