internal import Synchronization

/// One batch's place in a group commit: it says when the batch is durable, or that it is not.
package final class CommitTicket: Sendable {
    private enum State {
        case pending
        case waiting(CheckedContinuation<Result<Void, StoreError>, Never>)
        case finished(Result<Void, StoreError>)
    }

    private let state = Mutex<State>(.pending)

    init() {}

    /// Returns once the batch's transaction has returned from fsync. One caller may wait.
    /// - Throws: the reason why the batch is not durable; it may be sent again.
    package func committed() async throws(StoreError) {
        let result = await withCheckedContinuation { continuation in
            let finished = state.withLock { state -> Result<Void, StoreError>? in
                if case .finished(let result) = state { return result }
                state = .waiting(continuation)
                return nil
            }
            if let finished { continuation.resume(returning: finished) }
        }
        try result.get()
    }

    func finish(_ result: Result<Void, StoreError>) {
        let waiting = state.withLock { state -> CheckedContinuation<Result<Void, StoreError>, Never>? in
            defer { state = .finished(result) }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume(returning: result)
    }
}
