/// The time as the caller's clocks show it: planning has none of its own.
package struct Moment: Sendable, Hashable {
    /// Nanoseconds on a clock that never goes back; everything that waits, waits on this one.
    package var monotonic: Int64
    /// Nanoseconds since 1970. May jump; it only says how old an event is.
    package var wall: Int64

    /// Names a moment.
    package init(monotonic: Int64, wall: Int64) {
        self.monotonic = monotonic
        self.wall = wall
    }
}
