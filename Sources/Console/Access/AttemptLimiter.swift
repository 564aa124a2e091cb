/// How often wrong secrets may be tried: a bucket for each address, and one for all. Times are nanoseconds of a clock
/// that does not go back.
struct AttemptLimiter: Sendable {
    private struct Bucket: Sendable {
        let capacity: Double
        let pause: Double
        var tokens: Double
        var at: Int64

        init(capacity: Int, pause: Duration, at: Int64) {
            self.capacity = Double(capacity)
            self.pause = pause / .nanoseconds(1)
            tokens = Double(capacity)
            self.at = at
        }

        mutating func refill(_ now: Int64) {
            tokens = min(capacity, tokens + Double(max(0, now - at)) / pause)
            at = max(at, now)
        }

        /// Seconds until the next token.
        var wait: Int { tokens >= 1 ? 0 : Int(((1 - tokens) * pause / 1_000_000_000).rounded(.up)) }
        var isFull: Bool { tokens >= capacity }
    }

    private let limits: ConsoleLimits
    private var all: Bucket
    private var buckets: [String: Bucket] = [:]

    init(limits: ConsoleLimits, now: Int64) {
        self.limits = limits
        all = Bucket(capacity: limits.attemptsOfAll, pause: limits.attemptPauseOfAll, at: now)
    }

    /// Takes one attempt of an address before its secret is looked at.
    /// - Returns: nil when it may be looked at, otherwise the seconds to wait.
    mutating func take(_ address: String, now: Int64) -> Int? {
        all.refill(now)
        makeRoom(now)
        // Beyond the limit new addresses share one bucket.
        let key = buckets[address] != nil || buckets.count < limits.addresses ? address : ""
        var bucket = buckets[key] ?? Bucket(capacity: limits.attempts, pause: limits.attemptPause, at: now)
        bucket.refill(now)
        defer { buckets[key] = bucket }
        let wait = max(all.wait, bucket.wait)
        guard wait == 0 else { return wait }
        all.tokens -= 1
        bucket.tokens -= 1
        return nil
    }

    /// Gives an attempt back: the secret was right.
    mutating func giveBack(_ address: String) {
        all.tokens = min(all.capacity, all.tokens + 1)
        let key = buckets[address] != nil ? address : ""
        if let bucket = buckets[key] { buckets[key]?.tokens = min(bucket.capacity, bucket.tokens + 1) }
    }

    private mutating func makeRoom(_ now: Int64) {
        guard buckets.count >= limits.addresses else { return }
        buckets = buckets.filter { _, bucket in
            var bucket = bucket
            bucket.refill(now)
            return !bucket.isFull
        }
    }
}
