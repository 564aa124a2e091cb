import Dispatch

/// Holds a dedicated thread until the test opens it. Never for tasks: it blocks.
final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func open() { semaphore.signal() }

    func wait() { semaphore.wait() }
}
