package import Store

/// All that is known of one event at one place, gathered at one time.
package struct EventFacts: Sendable, Hashable {
    /// When, in nanoseconds since 1970.
    package var now: Int64
    /// As it was asked for.
    package var id: String
    /// Nil when it was not found.
    package var place: EventPlace?
    /// How the search went.
    package var search = EventTraceResult()
    package var forwarderIsRunning = true

    /// Makes facts of an event that was not found.
    package init(now: Int64, id: String) {
        self.now = now
        self.id = id
    }
}
