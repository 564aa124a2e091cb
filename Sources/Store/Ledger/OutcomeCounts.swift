/// Events by what became of them.
package struct OutcomeCounts: Sendable, Hashable {
    package var delivered: Int64 = 0
    package var dead: Int64 = 0
    package var expired: Int64 = 0
    package var purged: Int64 = 0
    package var damaged: Int64 = 0
    package var skipped: Int64 = 0

    /// Nothing yet.
    package init() {}

    /// All that is resolved.
    package var sum: Int64 { Outcome.allCases.reduce(0) { $0 &+ self[$1] } }

    /// The events of one outcome.
    package subscript(_ outcome: Outcome) -> Int64 {
        get {
            switch outcome {
            case .delivered: delivered
            case .dead: dead
            case .expired: expired
            case .purged: purged
            case .damaged: damaged
            case .skipped: skipped
            }
        }
        set {
            switch outcome {
            case .delivered: delivered = newValue
            case .dead: dead = newValue
            case .expired: expired = newValue
            case .purged: purged = newValue
            case .damaged: damaged = newValue
            case .skipped: skipped = newValue
            }
        }
    }

    static func += (left: inout OutcomeCounts, right: OutcomeCounts) {
        for outcome in Outcome.allCases { left[outcome] &+= right[outcome] }
    }

    /// Reads the columns of `Outcome.columns`, the first one at `column`.
    init(_ row: Statement, at column: Int32) {
        for (index, outcome) in Outcome.allCases.enumerated() {
            self[outcome] = row.integer(column + Int32(index))
        }
    }
}
