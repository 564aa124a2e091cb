internal import Store
internal import Synchronization

/// Runs blocking calls that may hang, as on a network file system whose server is gone.
package enum TimeLimit {
    /// Runs `body` on a thread of its own.
    /// - Returns: its result; nil when it takes longer than `limit`. Its thread then goes on, and is not waited for.
    package static func run<Result: Sendable>(
        _ limit: Duration, _ body: @escaping @Sendable () -> Result
    ) async -> Result? {
        await withCheckedContinuation { continuation in
            let answer = Answer(continuation)
            do throws(StoreError) {
                _ = try DedicatedThread(name: "preflight") { answer.give(body()) }
            } catch {
                answer.give(nil)
                return
            }
            Task {
                try? await Task.sleep(for: limit)
                answer.give(nil)
            }
        }
    }

    /// The first answer counts.
    private final class Answer<Result: Sendable>: Sendable {
        private let waiting: Mutex<CheckedContinuation<Result?, Never>?>

        init(_ continuation: CheckedContinuation<Result?, Never>) {
            waiting = Mutex(continuation)
        }

        func give(_ result: Result?) {
            let continuation = waiting.withLock { waiting in
                defer { waiting = nil }
                return waiting
            }
            continuation?.resume(returning: result)
        }
    }
}
