internal import Synchronization

/// What other threads want from the transfer thread.
final class CurlInbox: Sendable {
    struct Submission: Sendable {
        let id: UInt64
        let request: HTTPTransferRequest
        let continuation: CheckedContinuation<Result<HTTPTransferResponse, TransferError>, Never>
    }

    enum Stop: Sendable {
        case draining(until: ContinuousClock.Instant)
        case now
    }

    /// Taken by the transfer thread in one go; submissions come before cancellations, as they were made.
    struct Commands: Sendable {
        var submissions: [Submission] = []
        var cancellations: [UInt64] = []
        var stop: Stop?
    }

    private struct State: Sendable {
        var commands = Commands()
        var wakeUp: CurlMulti.WakeUp?
        var accepting = true
        var outstanding = 0
        var lastID: UInt64 = 0
        var stopped: [CheckedContinuation<Void, Never>] = []
        var hasStopped = false
    }

    private let state = Mutex(State())

    /// Called by the transfer thread once its multi handle exists.
    func open(_ wakeUp: CurlMulti.WakeUp) {
        state.withLock { $0.wakeUp = wakeUp }
    }

    func nextID() -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
    }

    /// Queues a transfer, or answers it at once when that is not possible.
    func submit(_ submission: Submission) {
        let refusal = state.withLock { state -> TransferError? in
            guard state.accepting else {
                return TransferError(reason: .shutDown, message: "\(submission.request.url): transfers are shut down")
            }
            guard state.outstanding < TransferLimits.transfers else {
                return TransferError(
                    reason: .tooManyTransfers,
                    message: "\(submission.request.url): \(TransferLimits.transfers) transfers are under way already")
            }
            state.outstanding += 1
            state.commands.submissions.append(submission)
            Self.wake(state)
            return nil
        }
        if let refusal { submission.continuation.resume(returning: .failure(refusal)) }
    }

    func cancel(_ id: UInt64) {
        state.withLock { state in
            guard !state.hasStopped else { return }
            state.commands.cancellations.append(id)
            Self.wake(state)
        }
    }

    /// Refuses new transfers and lets the thread end; returns when it has.
    func stop(_ stop: Stop) async {
        await withCheckedContinuation { continuation in
            let hasStopped = state.withLock { state in
                guard !state.hasStopped else { return true }
                state.accepting = false
                state.commands.stop = stop
                state.stopped.append(continuation)
                Self.wake(state)
                return false
            }
            if hasStopped { continuation.resume() }
        }
    }

    /// Lets the thread end without waiting for it.
    func stopNow() {
        state.withLock { state in
            state.accepting = false
            state.commands.stop = .now
            Self.wake(state)
        }
    }

    func takeCommands() -> Commands {
        state.withLock { state in
            let commands = state.commands
            state.commands = Commands()
            return commands
        }
    }

    /// Called for each transfer that was answered.
    func finished() {
        state.withLock { $0.outstanding -= 1 }
    }

    /// Called by the transfer thread before it destroys the multi handle; gives what came in meanwhile.
    func close() -> Commands {
        state.withLock { state in
            state.accepting = false
            state.wakeUp = nil
            let commands = state.commands
            state.commands = Commands()
            return commands
        }
    }

    /// The thread's last act: whoever waits in `stop` goes on.
    func announceStopped() {
        let waiting = state.withLock { state in
            state.hasStopped = true
            defer { state.stopped = [] }
            return state.stopped
        }
        for continuation in waiting { continuation.resume() }
    }

    private static func wake(_ state: borrowing State) {
        state.wakeUp?.send()
    }
}
