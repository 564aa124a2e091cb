import Synchronization

/// A wall clock for tests: every look at it is one second later, so that no two segments share a millisecond.
final class TestClock: Sendable {
    private let nanoseconds = Atomic<Int64>(1_700_000_000_000_000_000)

    var now: @Sendable () -> Int64 {
        { self.nanoseconds.add(1_000_000_000, ordering: .relaxed).newValue }
    }
}
