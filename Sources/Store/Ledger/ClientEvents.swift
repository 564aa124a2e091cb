/// Events of one client.
package struct ClientEvents: Sendable, Hashable {
    /// The sender as identified; empty when it can not be read.
    package var name: String
    /// Where its events come from.
    package var source: String
    /// How many.
    package var events: Int64

    /// Makes a count from its parts.
    package init(name: String, source: String, events: Int64) {
        self.name = name
        self.source = source
        self.events = events
    }
}
