internal import CCurl

/// The transfer thread's loop: takes commands, lets libcurl work, answers what is finished, sleeps.
final class CurlLoop {
    private let inbox: CurlInbox
    private let multi: CurlMulti
    // The table keeps each state alive while libcurl has a pointer to it.
    private var transfers: [OpaquePointer: CurlTransferState] = [:]
    private var handles: [UInt64: OpaquePointer] = [:]
    private var pool: [CurlEasy] = []
    private var stop: CurlInbox.Stop?
    private var lastStall: ContinuousClock.Instant?

    init?(inbox: CurlInbox) {
        guard let multi = CurlMulti() else { return nil }
        self.inbox = inbox
        self.multi = multi
    }

    /// Returns when a stop was asked for and every transfer is answered.
    func run() {
        inbox.open(multi.wakeUp)
        while true {
            execute(inbox.takeCommands())
            multi.perform()
            while let (identity, result) = multi.nextFinished() { finish(identity, result) }
            if mustEnd() { break }
            multi.poll(milliseconds: pollMilliseconds())
        }
        execute(inbox.close())
        for state in transfers.values {
            let url = state.submission.request.url
            end(state, .failure(TransferError(reason: .shutDown, message: "\(url): transfers are shut down")))
        }
    }

    private func execute(_ commands: CurlInbox.Commands) {
        for submission in commands.submissions { start(submission) }
        for id in commands.cancellations {
            guard let handle = handles[id], let state = transfers[handle] else { continue }
            let url = state.submission.request.url
            end(state, .failure(TransferError(reason: .cancelled, message: "\(url): the transfer was cancelled")))
        }
        if let stop = commands.stop { self.stop = stop }
    }

    private func start(_ submission: CurlInbox.Submission) {
        guard let easy = pool.popLast() ?? CurlEasy() else {
            let error = TransferError(
                reason: .curl, curlCode: Int32(CURLE_OUT_OF_MEMORY.rawValue),
                message: "\(submission.request.url): libcurl gives no handle")
            return answer(submission, .failure(error))
        }
        let state = CurlTransferState(submission: submission, easy: easy)
        transfers[easy.handle] = state
        handles[submission.id] = easy.handle
        if let error = easy.configure(for: submission.request, state: state, connectionLifetime: connectionLifetime()) {
            return end(state, .failure(error))
        }
        let code = multi.add(easy)
        if code != 0 {
            let error = TransferError(
                reason: .curl, curlCode: Int32(CURLE_FAILED_INIT.rawValue),
                message: "\(submission.request.url): libcurl refuses the transfer (multi code \(code))")
            end(state, .failure(error))
        }
    }

    private func finish(_ identity: OpaquePointer, _ result: CURLcode) {
        guard let state = transfers[identity] else { return }
        let request = state.submission.request
        guard result == CURLE_OK else {
            noteStall(result)
            guard !state.responseTooLarge else {
                let message = "\(request.url): the response exceeds \(request.maximumResponseBytes) bytes"
                return end(state, .failure(TransferError(reason: .responseTooLarge, message: message)))
            }
            return end(state, .failure(state.easy.error(result, url: request.url)))
        }
        let response = HTTPTransferResponse(
            status: state.easy.status, headers: state.headers, body: state.responseBody,
            duration: state.started.duration(to: .now), newConnections: state.easy.newConnections)
        end(state, .success(response))
    }

    private func end(_ state: CurlTransferState, _ result: Result<HTTPTransferResponse, TransferError>) {
        let easy = state.easy
        multi.remove(easy)
        easy.reset()
        transfers[easy.handle] = nil
        handles[state.submission.id] = nil
        if pool.count < TransferLimits.pooledHandles { pool.append(easy) }
        answer(state.submission, result)
    }

    private func answer(_ submission: CurlInbox.Submission, _ result: Result<HTTPTransferResponse, TransferError>) {
        inbox.finished()
        submission.continuation.resume(returning: result)
    }

    private func mustEnd() -> Bool {
        switch stop {
        case nil: false
        case .now: true
        case .draining(let deadline): transfers.isEmpty || ContinuousClock.now >= deadline
        }
    }

    private func pollMilliseconds() -> Int32 {
        guard case .draining(let deadline) = stop else { return TransferLimits.pollMilliseconds }
        let left = ContinuousClock.now.duration(to: deadline) / .milliseconds(1)
        return Int32(max(1, min(left, Double(TransferLimits.pollMilliseconds))))
    }

    private func noteStall(_ result: CURLcode) {
        switch result {
        case CURLE_OPERATION_TIMEDOUT, CURLE_HTTP2, CURLE_HTTP2_STREAM: lastStall = .now
        default: break
        }
    }

    /// An HTTP/2 connection that swallowed a transfer stays in libcurl's pool and would swallow the next ones. So after
    /// a stall only connections that are younger than the stall are used.
    private func connectionLifetime() -> Int {
        guard let lastStall else { return TransferLimits.connectionLifetimeSeconds }
        let age = Int(lastStall.duration(to: .now) / .seconds(1))
        return max(1, min(age, TransferLimits.connectionLifetimeSeconds))
    }
}
