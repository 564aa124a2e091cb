internal import Contract

/// How messages that are sent again can be told from others.
enum ReplayMark {
    /// The attribute's name.
    static let attribute = "gateway.replay"

    /// The value for a dead letter.
    static func letter(_ number: Int64) -> String { "dead-letter-\(number)" }

    /// The value for an order to send a time of the past.
    static func past(_ job: Int64) -> String { "past-\(job)" }
}
