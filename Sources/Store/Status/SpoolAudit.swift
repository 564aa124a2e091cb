/// Whether every accepted event is accounted for: accepted = delivered + pending + dead + expired + purged + damaged +
/// skipped, at every destination and for every client.
///
/// Pending comes from the segments and the progress, the rest from the totals: a wrong total shows.
package struct SpoolAudit: Sendable, Hashable {
    /// One equation.
    package struct Row: Sendable, Hashable {
        /// The destination's name.
        package var destination: String
        /// Whether it is configured, as far as the forwarder has said.
        package var isActive: Bool
        /// The client's name; nil in the row of a whole destination, empty for events whose sender can not be read.
        package var client: String?
        /// Where the client's events come from.
        package var source: String?
        package var accepted: Int64 = 0
        package var pending: Int64 = 0
        package var outcomes = OutcomeCounts()

        /// A row without events.
        package init(destination: String, isActive: Bool = true, client: String? = nil, source: String? = nil) {
            self.destination = destination
            self.isActive = isActive
            self.client = client
            self.source = source
        }

        /// Accepted events that are nowhere; negative for events that are somewhere and were never accepted.
        package var difference: Int64 { accepted &- pending &- outcomes.sum }
    }

    /// One row a destination.
    package var destinations: [Row] = []
    /// One row a destination and client.
    package var clients: [Row] = []
    /// What does not add up, for people.
    package var differences: [String] = []
    /// What is to be known and breaks nothing, for people.
    package var notes: [String] = []

    /// Nothing looked at yet.
    package init() {}

    /// Whether everything adds up.
    package var isBalanced: Bool { differences.isEmpty }
}
