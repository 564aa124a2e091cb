/// Spreads what is sent again over time: so many events a second at most. Nanoseconds of the monotonic clock.
struct ReplayPacer: Sendable, Hashable {
    private var freeAt = Int64.min

    /// The lower of two rates, of which 0 is none.
    static func lower(_ first: Double, _ second: Double) -> Double {
        first > 0 && second > 0 ? min(first, second) : max(first, second)
    }

    /// How long to wait before the next events may be sent.
    func delay(now: Int64) -> Int64 { max(0, freeAt == .min ? 0 : freeAt &- now) }

    /// Events have been sent.
    /// - Parameter rate: events a second; 0 without a limit.
    mutating func sent(_ events: Int, rate: Double, now: Int64) {
        guard rate.isFinite, rate > 0 else {
            freeAt = .min
            return
        }
        let seconds = min(Double(events) / rate, 86_400)
        freeAt = max(freeAt, now) &+ Int64(seconds * 1e9)
    }
}
