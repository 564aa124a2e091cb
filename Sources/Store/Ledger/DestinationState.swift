/// What a destination's worker has learnt and must know after a restart. Times are nanoseconds since 1970.
package struct DestinationState: Sendable, Hashable {
    /// The circuit breaker. The names are stored.
    package enum Breaker: String, Sendable, Hashable, CaseIterable {
        case closed
        case open
        case halfOpen = "half_open"
    }

    package var breaker: Breaker
    /// Failures of the destination in a row.
    package var failures: Int
    /// Until when an open breaker stays open.
    package var openUntil: Int64
    /// Requests at once, as learnt.
    package var concurrency: Double
    /// Whether an operator has paused it. Only `pause` and `resume` of the ledger change it: `record` leaves it as it is.
    package var isPaused: Bool
    /// Why it is paused; only `pause` and `resume` change it.
    package var pauseReason: String
    /// The last failure; empty without one.
    package var lastErrorCode: String
    package var lastErrorMessage: String
    package var lastErrorAt: Int64
    /// When this was saved.
    package var savedAt: Int64

    /// Makes a state from its parts.
    package init(
        breaker: Breaker = .closed, failures: Int = 0, openUntil: Int64 = 0, concurrency: Double = 0,
        isPaused: Bool = false, pauseReason: String = "", lastErrorCode: String = "", lastErrorMessage: String = "",
        lastErrorAt: Int64 = 0, savedAt: Int64 = 0
    ) {
        self.breaker = breaker
        self.failures = failures
        self.openUntil = openUntil
        self.concurrency = concurrency
        self.isPaused = isPaused
        self.pauseReason = pauseReason
        self.lastErrorCode = lastErrorCode
        self.lastErrorMessage = lastErrorMessage
        self.lastErrorAt = lastErrorAt
        self.savedAt = savedAt
    }

    /// The columns that `init(_:at:)` reads.
    static let columns = """
        breaker, failures, open_until, concurrency, is_paused, pause_reason, last_error_code, last_error_message,
        last_error_at, saved_at
        """

    init(_ row: Statement, at column: Int32) {
        self.init(
            breaker: Breaker(rawValue: row.text(column)) ?? .closed,
            failures: Int(row.count(column + 1)), openUntil: row.time(column + 2),
            concurrency: row.real(column + 3), isPaused: row.integer(column + 4) != 0,
            pauseReason: row.text(column + 5), lastErrorCode: row.text(column + 6),
            lastErrorMessage: row.text(column + 7), lastErrorAt: row.time(column + 8),
            savedAt: row.time(column + 9))
    }
}
