/// What a search for an event found.
package struct EventTraceResult: Sendable, Hashable {
    /// Where it is, the newest first.
    package var places: [EventPlace] = []
    /// Segments and payload bytes that were searched.
    package var segments = 0
    package var bytes: Int64 = 0
    /// Whether everything that is on disk was searched, or enough was found.
    package var isComplete = true
    /// The oldest event on disk was received at about this time, in nanoseconds since 1970: what is older is gone. Nil for an
    /// empty spool.
    package var oldestAt: Int64?
    /// Segments that could not be read, with the reason.
    package var problems: [String] = []

    /// Nothing is found yet.
    package init() {}
}
