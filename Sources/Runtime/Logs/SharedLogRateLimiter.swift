internal import Synchronization

/// A `LogRateLimiter` that threads share.
package final class SharedLogRateLimiter: Sendable {
    private let limiter: Mutex<LogRateLimiter>
    private let monotonic: @Sendable () -> Int64

    /// - Parameters:
    ///   - interval: each key is logged at most once in this time.
    ///   - monotonic: nanoseconds.
    package init(
        interval: Duration = LogRateLimiter.defaultInterval,
        monotonic: @escaping @Sendable () -> Int64 = { WallClock.monotonic() }
    ) {
        limiter = Mutex(LogRateLimiter(interval: interval))
        self.monotonic = monotonic
    }

    /// One occurrence of `key`.
    /// - Returns: how many earlier ones were not logged, when this one is to be; nil when it is counted only.
    package func suppressed(_ key: String) -> Int? {
        guard case .emit(let suppressed) = limiter.withLock({ $0.decide(key: key, now: monotonic()) }) else {
            return nil
        }
        return suppressed
    }
}
