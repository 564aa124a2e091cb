/// Decides which undelivered events are too old to be delivered. A value without clock.
struct ExpiryPolicy: Sendable, Hashable {
    /// Nanoseconds after which an event that was not delivered is expired; nil for never.
    var maximumAge: Int64?

    /// Whether the events of a batch are expired.
    /// - Parameters:
    ///   - receivedAt: when ingest received the batch, in nanoseconds since 1970.
    ///   - now: nanoseconds since 1970. A clock that was set back expires nothing.
    func isExpired(receivedAt: Int64, now: Int64) -> Bool {
        guard let maximumAge else { return false }
        let (age, isBeyond) = now.subtractingReportingOverflow(receivedAt)
        return !isBeyond && age > maximumAge
    }

    /// When the events of a batch expire, in nanoseconds since 1970; nil for never.
    func expiry(receivedAt: Int64) -> Int64? {
        guard let maximumAge else { return nil }
        let (time, isBeyond) = receivedAt.addingReportingOverflow(maximumAge)
        return isBeyond ? nil : time
    }
}
