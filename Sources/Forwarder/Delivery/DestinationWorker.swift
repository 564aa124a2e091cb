internal import Contract
internal import Logging
internal import Observing
internal import Planning
internal import Runtime
internal import ServiceLifecycle
internal import Store

/// Delivers the spool to one destination: executes what the delivery core decides, one loop, structured children.
struct DestinationWorker<Target: Destination>: Service {
    typealias Group = ThrowingTaskGroup<WorkerOutcome, any Error>

    let destination: Target
    let identifier: DestinationID
    let reader: SpoolReader
    let ledger: DeliveryLedger
    let retirement: SegmentRetirement
    let metrics: DeliveryMetrics
    let limits: DeliveryLimits
    let board: WorkerBoard
    let spans: DeliverySpans
    let logger: Logger
    /// Keeps what the destination answers; nil keeps nothing.
    var receipts: ReceiptLog?

    /// Delivers until a graceful shutdown; then waits for what is under way and records it.
    /// - Throws: `StoreError` when the spool was written by a newer version, or the ledger is gone.
    func run() async throws {
        try await withThrowingTaskGroup(of: WorkerOutcome.self) { group in
            group.addTask {
                try? await gracefulShutdown()
                return .stopRequested
            }
            let requests = board.requests(for: destination.name)
            group.addTask { await Self.nextRequest(requests) }
            var session = try await openSession()
            while true {
                await step(&session, &group)
                // Cancelled: the graceful stop took too long. What is not recorded may be delivered twice, never lost.
                if session.isFinished || Task.isCancelled { break }
                if let fatal = session.fatal { throw fatal }
                guard let outcome = try await group.next() else { break }
                await handle(outcome, &session, &group)
                if case .told = outcome { group.addTask { await Self.nextRequest(requests) } }
                await publish(&session)
            }
            group.cancelAll()
        }
        await destination.shutdown()
    }

    /// What the ledger knows of a process before this one.
    private func openSession() async throws(StoreError) -> WorkerSession {
        let progress = await ledger.progress(of: identifier)
        let refused = try await ledger.attempts(of: identifier)
        let state = try await ledger.state(of: identifier)
        let now = Self.now
        // A destination that was paused before it ever delivered has learnt nothing.
        let memory = state.flatMap { $0.savedAt > 0 ? $0 : nil }.map { state in
            DeliveryMemory(
                failures: min(max(0, state.failures), WorkerSession.maximumAttempts),
                openUntil: state.breaker == .closed ? nil : now.monotonic &+ max(0, state.openUntil &- now.wall),
                concurrency: state.concurrency)
        }
        var generator = SystemRandomNumberGenerator()
        var core = DeliveryCore(limits: limits, memory: memory, seed: generator.next(), now: now)
        core.isPaused = state?.isPaused ?? false
        return WorkerSession(
            core: core, progress: progress,
            refused: Dictionary(refused.map { ($0.address, $0) }, uniquingKeysWith: { _, last in last }))
    }

    private static func nextRequest(_ requests: AsyncStream<WorkerRequest>) async -> WorkerOutcome {
        // One after the other: the stream keeps what comes in between.
        for await request in requests { return .told(request) }
        return .nothing
    }

    private func told(_ request: WorkerRequest, _ session: inout WorkerSession) async {
        switch request {
        case .pauseChanged:
            do throws(StoreError) {
                session.core.isPaused = try await ledger.state(of: identifier)?.isPaused ?? false
                session.core.roomForDeadLetters()
            } catch {
                logger.error(
                    "whether the destination is paused can not be read; it stays as it is",
                    metadata: ["destination": "\(destination.name)", "error": "\(error)"])
            }
        // The replay worker looks for itself.
        case .replayAdded: break
        // What waits is to be delivered, so a pause ends; when nothing waits any more, the destination is paused again.
        case .drain:
            session.isDraining = true
            session.core.isPaused = false
            session.core.lookAgain()
        }
    }

    private static var publishInterval: Int64 { 100_000_000 }

    /// Says how it is, for operators.
    private func publish(_ session: inout WorkerSession) async {
        let now = Self.now
        if session.isDraining, session.core.isIdle, session.recording.isEmpty {
            session.isDraining = false
            await board.drained(destination.name)
        }
        guard now.monotonic &- session.publishedAt >= Self.publishInterval else { return }
        session.publishedAt = now.monotonic
        let state = session.state(now)
        board.publish(
            DeliveryStatus(
                name: destination.name, breaker: state.breaker.rawValue,
                openUntil: state.breaker == .open ? state.openUntil : nil,
                concurrency: Double(session.core.concurrency.limit), inFlight: session.core.underWayCount,
                lastError: session.lastError.map {
                    DeliveryStatus.Failure(code: $0.code.rawValue, message: $0.message, at: session.lastErrorAt)
                },
                isPaused: session.core.isPaused,
                pauseReason: session.core.isHeldByDeadLetters
                    ? "dead letters are at their bound: replay or purge some"
                    : session.core.isRecordingBehind ? "what was delivered can not be recorded" : ""))
    }

    static var now: Moment { Moment(monotonic: WallClock.monotonic(), wall: WallClock.now()) }

    /// Begins all that can begin now.
    private func step(_ session: inout WorkerSession, _ group: inout Group) async {
        while session.fatal == nil {
            let now = Self.now
            session.core.isRecordingBehind = session.recording.isBehind
            switch session.core.next(now) {
            case .look(let lane, let after, let limit): await look(lane, after: after, limit: limit, &session)
            case .load(let page, _, let batches): await load(page, batches, &session, &group)
            case .expire(let batches): await expire(batches, &session)
            case .send(let id):
                guard let packed = session.requests[id] else { continue }
                group.addTask { await send(id, packed) }
            case .split(let id, let count, let first, let second):
                session.split(id, at: count, first: first, second: second)
            case .noteAttempt(let id, let attempts, let delay):
                session.noteAttempt(id, attempts: attempts, nextTryAt: now.wall &+ delay, at: now.wall)
            case .bury(let id, let attempts): await bury(id, attempts: attempts, &session)
            case .wait(let until):
                session.lastBuried = nil
                session.noteState(now)
                if let records = session.recording.begin(now: now.monotonic) {
                    group.addTask { await record(records) }
                }
                for time in [until, session.recording.retryAt].compactMap(\.self) where session.needsTimer(time) {
                    group.addTask {
                        try? await Task.sleep(for: .nanoseconds(max(0, time &- WallClock.monotonic())))
                        return .timer(time)
                    }
                }
                return
            }
        }
    }

    private func handle(_ outcome: WorkerOutcome, _ session: inout WorkerSession, _ group: inout Group) async {
        switch outcome {
        case .stopRequested: session.stop()
        case .told(let request): await told(request, &session)
        case .nothing: break
        case .timer(let time): session.timerFired(time)
        case .loaded(let page): await loaded(page, &session, &group)
        case .delivered(let id, let latency, let references):
            session.core.delivered(id, latency: latency)
            session.resolve(id, references, at: Self.now.wall)
        case .failed(let id, let error): failed(id, error, &session)
        case .recorded(let group, let error): await recorded(group, error, &session)
        }
    }
}
