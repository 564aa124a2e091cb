internal import Synchronization

/// When a client of a `Load` may send its next batch: within its window of unanswered batches, and within what the test
/// allows altogether.
final class ClientPace: Sendable {
    private struct State {
        /// Batches that may be under way at once.
        let limit: Int
        var window: Int
        var allowance: Int
        var isFinished = false
    }

    /// One element for each batch that may be sent; ends when no more are.
    let turns: AsyncStream<Void>

    private let continuation: AsyncStream<Void>.Continuation
    private let state: Mutex<State>

    init(window: Int, allowance: Int) {
        (turns, continuation) = AsyncStream.makeStream()
        state = Mutex(State(limit: window, window: window, allowance: allowance))
        pump { _ in }
    }

    /// Allows this many batches more.
    func allow(_ batches: Int) { pump { $0.allowance += batches } }

    /// A batch was answered.
    func answered() { pump { $0.window += 1 } }

    /// No batch follows.
    func finish() {
        state.withLock { $0.isFinished = true }
        continuation.finish()
    }

    /// Whether nothing is under way, and nothing follows without being allowed.
    var isIdle: Bool { state.withLock { $0.isFinished || ($0.allowance == 0 && $0.window == $0.limit) } }

    private func pump(_ change: (inout State) -> Void) {
        let turns = state.withLock { state in
            change(&state)
            let turns = min(state.window, state.allowance)
            state.window -= turns
            state.allowance -= turns
            return turns
        }
        for _ in 0..<turns { continuation.yield() }
    }
}
