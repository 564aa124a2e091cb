import Accounts
import TestSupport

/// Time that stands still until a test moves it.
final class TestClock: Sendable {
    static let second: Int64 = 1_000_000_000
    /// Some day in 2026, in nanoseconds since 1970.
    static let start: Int64 = 1_790_000_000 * second

    let wall = Changeable(start)
    private let monotonic = Changeable<Int64>(5 * second)

    var clock: AccountsClock {
        AccountsClock(wall: { self.wall.value }, monotonic: { self.monotonic.value })
    }

    func advance(seconds: Double) {
        let nanoseconds = Int64((seconds * Double(Self.second)).rounded())
        wall.value += nanoseconds
        monotonic.value += nanoseconds
    }
}
