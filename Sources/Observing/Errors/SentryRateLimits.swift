internal import Transfer

/// How long a receiver wants no error events, as it says in an answer.
enum SentryRateLimits {
    /// Where it says 429 and nothing else.
    static let standardPause = Duration.seconds(60)

    /// - Parameter now: nanoseconds since 1970.
    /// - Returns: nil when it takes more at once.
    static func pause(_ response: HTTPTransferResponse, now: Int64) -> Duration? {
        if let header = response.headers["x-sentry-rate-limits"] { return pause(header) }
        guard response.status == 429 else { return nil }
        return response.retryAfter(now: now) ?? standardPause
    }

    /// Reads `seconds:categories:scope:…, …`, the categories separated by semicolons, none of them meaning all. What can
    /// not be read counts for nothing, as the protocol asks.
    static func pause(_ header: String) -> Duration? {
        var longest: Duration?
        for limit in header.split(separator: ",") {
            let parts = limit.drop { $0 == " " }.split(separator: ":", omittingEmptySubsequences: false)
            guard let first = parts.first, let seconds = Double(first), seconds.isFinite, seconds >= 0 else { continue }
            let categories = parts.count > 1 ? parts[1].split(separator: ";") : []
            guard categories.isEmpty || categories.contains("error") || categories.contains("default") else { continue }
            let pause = Duration.seconds(min(seconds, maximumSeconds))
            longest = max(longest ?? .zero, pause)
        }
        return longest
    }

    /// Quotas are renewed each month at the latest.
    private static let maximumSeconds: Double = 31 * 86400
}
