internal import Glibc

/// Time as `Int64` nanoseconds. Code that needs a clock takes a `@Sendable () -> Int64`, so that tests give their own.
package enum WallClock {
    /// Nanoseconds since 1970-01-01T00:00:00Z. May jump when the clock is set.
    package static func now() -> Int64 { read(CLOCK_REALTIME) }

    /// Nanoseconds since an arbitrary point; never goes back. For measuring and for rate limits.
    package static func monotonic() -> Int64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
