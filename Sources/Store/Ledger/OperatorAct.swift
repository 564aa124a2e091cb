/// Something that a person did to the ledger.
package struct OperatorAct: Sendable, Hashable {
    /// When, in nanoseconds since 1970.
    package var at: Int64 = 0
    /// Who did it, as far as is known.
    package var actor: String
    /// A stable snake_case name of what was done.
    package var action: String
    /// The destination; empty when it concerns all of them or none.
    package var destination: String = ""
    /// The details, for people.
    package var detail: String
    /// How many events it was about.
    package var events: Int64

    /// Makes an act from its parts.
    package init(actor: String, action: String, destination: String = "", detail: String = "", events: Int64 = 0) {
        self.actor = actor
        self.action = action
        self.destination = destination
        self.detail = detail
        self.events = events
    }
}
