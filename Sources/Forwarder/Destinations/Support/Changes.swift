internal import Synchronization

/// Tells whether a number is another one than the last time.
final class Changes: Sendable {
    private let last = Mutex<UInt64?>(nil)

    func isNew(_ number: UInt64) -> Bool {
        last.withLock { last in
            defer { last = number }
            return last != nil && last != number
        }
    }
}
