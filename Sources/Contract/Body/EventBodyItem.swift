/// What became of one item of a body.
package enum EventBodyItem: Sendable, Hashable {
    /// An event, decoded and in the request: its place among the request's events from 0, and its id, which may be empty.
    case event(ordinal: Int, id: String)
    /// No event; not in the request.
    case problem(EventItemProblem)
}
