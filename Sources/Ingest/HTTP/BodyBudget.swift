internal import Synchronization

/// Counts the bytes of request bodies in hand, over all requests, against a limit.
final class BodyBudget: Sendable {
    private let limit: Int
    private let used = Mutex(0)

    /// - Parameter limit: most bytes in hand.
    init(limit: Int) {
        self.limit = limit
    }

    /// Bytes in hand now.
    var bytes: Int { used.withLock { $0 } }

    /// Takes bytes; false, and nothing taken, when there is no room for them.
    func take(_ count: Int) -> Bool {
        used.withLock { used in
            guard count <= limit - used else { return false }
            used += count
            return true
        }
    }

    /// Gives bytes back that were taken.
    func giveBack(_ count: Int) {
        used.withLock { $0 -= count }
    }
}
