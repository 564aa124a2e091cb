/// Where the events of a page come from.
package enum LaneName: String, Sendable, Hashable, CaseIterable {
    /// The oldest events that wait.
    case backlog
    /// The newest ones, while there is a backlog.
    case fresh
}
