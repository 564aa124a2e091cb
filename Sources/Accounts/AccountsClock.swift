internal import Runtime

/// The two clocks of the token check, each in nanoseconds.
package struct AccountsClock: Sendable {
    /// Since 1970: what the ends of tokens are compared with.
    package let wall: @Sendable () -> Int64
    /// Since anything: what lifetimes in the cache are measured with.
    package let monotonic: @Sendable () -> Int64

    /// Makes a clock of two functions.
    package init(wall: @escaping @Sendable () -> Int64, monotonic: @escaping @Sendable () -> Int64) {
        self.wall = wall
        self.monotonic = monotonic
    }

    /// The machine's clocks.
    package static let system = AccountsClock(wall: { WallClock.now() }, monotonic: { WallClock.monotonic() })
}
