internal import Synchronization

/// One batch's place in a group commit: it says when the batch is durable, or that it is not.
package final class CommitTicket: Sendable {
    private enum State {
        case pending
        case waiting(CheckedContinuation<Result<[UInt32], StoreError>, Never>)
        case finished(Result<[UInt32], StoreError>, CommitTiming?)
    }

    private let state = Mutex<State>(.pending)

    init() {}

    /// When its group was committed or refused; nil before, and for a batch that never was in a group.
    package var timing: CommitTiming? {
        state.withLock { if case .finished(_, let timing) = $0 { timing } else { nil } }
    }

    /// Returns once the batch's transaction has returned from fsync. One caller may wait.
    /// - Returns: the batch's events that were recorded before and are not stored again, as ordinals in its index.
    /// - Throws: the reason why the batch is not durable; it may be sent again.
    @discardableResult
    package func committed() async throws(StoreError) -> [UInt32] {
        let result = await withCheckedContinuation { continuation in
            let finished = state.withLock { state -> Result<[UInt32], StoreError>? in
                if case .finished(let result, _) = state { return result }
                state = .waiting(continuation)
                return nil
            }
            if let finished { continuation.resume(returning: finished) }
        }
        return try result.get()
    }

    func finish(_ result: Result<[UInt32], StoreError>, timing: CommitTiming? = nil) {
        let waiting = state.withLock { state -> CheckedContinuation<Result<[UInt32], StoreError>, Never>? in
            defer { state = .finished(result, timing) }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume(returning: result)
    }
}
