/// What became of an event at a destination. The numbers are stored.
package enum Outcome: Int64, Sendable, Hashable, CaseIterable {
    /// The destination has it.
    case delivered = 0
    /// The destination will never take it; it is kept as a dead letter.
    case dead
    /// It was too old, by configuration.
    case expired
    /// An operator removed it.
    case purged
    /// Its stored bytes can not be read back.
    case damaged
    /// It is older than the destination's start.
    case skipped

    /// Its column in `client_total`.
    var column: String {
        switch self {
        case .delivered: "delivered"
        case .dead: "dead"
        case .expired: "expired"
        case .purged: "purged"
        case .damaged: "damaged"
        case .skipped: "skipped"
        }
    }

    /// All columns, in the order of the cases.
    static let columns = Outcome.allCases.map(\.column).joined(separator: ", ")
}
