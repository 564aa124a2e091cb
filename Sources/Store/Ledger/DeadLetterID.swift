/// The name of a dead letter, as people type it.
package enum DeadLetterID: Sendable, Hashable, CustomStringConvertible {
    /// A letter of a destination, by its number in the ledger: `17`.
    case letter(Int64)
    /// An event that ingest has quarantined, by its segment and row: `q1700000002000.5`.
    case quarantine(segment: UInt64, row: Int64)

    /// Reads what `description` has written; nil for anything else.
    package init?(_ text: String) {
        if let number = Int64(text), number > 0 {
            self = .letter(number)
            return
        }
        guard text.hasPrefix("q") else { return nil }
        let parts = text.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let segment = UInt64(parts[0]), let row = Int64(parts[1]) else { return nil }
        self = .quarantine(segment: segment, row: row)
    }

    package var description: String {
        switch self {
        case .letter(let number): "\(number)"
        case .quarantine(let segment, let row): "q\(segment).\(row)"
        }
    }
}
