internal import Contract
internal import Logging
internal import Runtime
internal import ServiceLifecycle
internal import Store

/// Delivers the spool to one destination: executes what the planner decides, one loop, structured children.
struct DestinationWorker<Target: Destination>: Service {
    let destination: Target
    let identifier: DestinationID
    let reader: SpoolReader
    let ledger: DeliveryLedger
    let retirement: SegmentRetirement
    let metrics: DeliveryMetrics
    let logger: Logger

    /// Payload bytes read from the spool at once.
    static var pageBytes: Int { 1 << 20 }
    /// The other limits, for what the destination allows in flight.
    static func limits(inFlight: Int) -> DeliveryPlanner.Limits {
        DeliveryPlanner.Limits(
            inFlight: inFlight, buffered: inFlight + 2, unresolved: 256, pages: 2, pollInterval: 20_000_000)
    }

    /// Delivers until a graceful shutdown; then waits for what is under way and records it.
    /// - Throws: `StoreError` when the spool was written by a newer version.
    func run() async throws {
        try await withThrowingTaskGroup(of: WorkerOutcome.self) { group in
            group.addTask {
                try? await gracefulShutdown()
                return .stopRequested
            }
            var session = await WorkerSession(
                progress: ledger.progress(of: identifier),
                planner: DeliveryPlanner(limits: Self.limits(inFlight: destination.limits.maximumInFlight)))
            while true {
                await step(&session, &group)
                // Cancelled: the graceful stop took too long. What is not recorded may be delivered twice, never lost.
                if session.isFinished || Task.isCancelled { break }
                if let failure = session.readFailure { throw failure }
                guard let outcome = try await group.next() else { break }
                await handle(outcome, &session, &group)
            }
            group.cancelAll()
        }
        await destination.shutdown()
    }

    /// Begins all that can begin now.
    private func step(
        _ session: inout WorkerSession, _ group: inout ThrowingTaskGroup<WorkerOutcome, any Error>
    ) async {
        while true {
            let now = WallClock.monotonic()
            switch session.planner.next(now: now) {
            case .send(let id):
                guard let packed = session.requests[id] else { continue }
                group.addTask { await send(id, packed) }
            case .read:
                await read(&session, &group)
            case .wait(let until):
                if session.beginRecording(now: now) {
                    let (resolutions, bytes) = session.takeRecording()
                    group.addTask { await record(resolutions, bytes: bytes) }
                }
                for time in [until, session.recordAt].compactMap(\.self) where session.needsTimer(time) {
                    group.addTask {
                        try? await Task.sleep(for: .nanoseconds(max(0, time - WallClock.monotonic())))
                        return .timer(time)
                    }
                }
                return
            }
        }
    }

    private func handle(
        _ outcome: WorkerOutcome, _ session: inout WorkerSession,
        _ group: inout ThrowingTaskGroup<WorkerOutcome, any Error>
    ) async {
        switch outcome {
        case .stopRequested:
            session.stop()
        case .timer(let time):
            session.timerFired(time)
        case .delivered(let id):
            session.planner.delivered(id)
            session.resolve(id)
        case .failed(let id, let error):
            failed(id, error, &session)
        case .rendered(let page):
            await rendered(page, &session, &group)
        case .recorded(let resolutions, let bytes, let error):
            session.recordingEnded()
            if let error {
                if error.code == .removed { session.readFailure = error }
                logger.error(
                    "deliveries not recorded yet",
                    metadata: ["destination": "\(destination.name)", "error": "\(error)"])
                // Nothing is forgotten: they are recorded with the next ones, after a pause.
                session.putBack(resolutions, bytes: bytes, retryAt: WallClock.monotonic() + Self.recordRetryInterval)
            } else {
                await finishSegments(&session)
            }
        }
    }

    // MARK: - Reading

    private func read(
        _ session: inout WorkerSession, _ group: inout ThrowingTaskGroup<WorkerOutcome, any Error>
    ) async {
        do throws(StoreError) {
            if session.isBetweenSegments {
                // Kept for a replay, and done with.
                let closed = Set(try await ledger.closedSegments())
                let waiting = try await reader.segmentNumbers().filter { !closed.contains($0) }
                guard session.enter(waiting) else {
                    return session.planner.pageArrived([], caughtUp: true, now: WallClock.monotonic())
                }
            }
            let page = try await reader.page(after: session.position, maximumBytes: Self.pageBytes)
            let work = try await work(page, &session)
            session.advance(page)
            guard !work.batches.isEmpty || !work.page.damaged.isEmpty || !work.page.resolved.isEmpty else {
                session.planner.pageArrived([], caughtUp: page.end == .caughtUp, now: WallClock.monotonic())
                await finishSegments(&session)
                return
            }
            let renderer = PageRenderer(destination: destination, metrics: metrics)
            group.addTask {
                var rendered = await renderer.render(work.batches)
                rendered.damaged += work.page.damaged
                rendered.resolved += work.page.resolved
                return .rendered(rendered)
            }
        } catch {
            session.readFailure = error.code == .newerVersion ? error : nil
            session.planner.pageFailed(retryAt: WallClock.monotonic() + Self.readRetryInterval)
            logger.error(
                "the spool can not be read", metadata: ["destination": "\(destination.name)", "error": "\(error)"])
        }
    }

    private func work(
        _ page: SpoolPage, _ session: inout WorkerSession
    ) async throws(StoreError) -> (batches: [PageRenderer<Target>.Work], page: RenderedPage) {
        var rendered = RenderedPage(damaged: page.damaged)
        var batches: [PageRenderer<Target>.Work] = []
        for batch in page.batches {
            let progress = session.progress[batch.segment]
            if progress?.isResolved(batch: batch.id) == true { continue }
            let remaining = progress?.remaining(batch: batch.id, total: batch.eventCount) ?? [0..<batch.eventCount]
            guard batch.eventCount > 0 else {
                rendered.resolved.append(
                    Resolution(segment: batch.segment, batch: batch.id, events: 0..<0, batchEvents: 0))
                continue
            }
            guard let stream = try await stream(batch, &session) else {
                rendered.damaged.append(
                    DamagedBatch(
                        segment: batch.segment, id: batch.id, events: Int64(batch.eventCount),
                        reason: "the row of its stream is damaged"))
                continue
            }
            batches.append(
                PageRenderer.Work(
                    batch: batch, stream: stream.record, renderer: stream.renderer, remaining: remaining))
        }
        for batch in rendered.damaged {
            rendered.resolved.append(Resolution(damaged: batch))
        }
        return (batches, rendered)
    }

    private func stream(
        _ batch: StoredBatch, _ session: inout WorkerSession
    ) async throws(StoreError) -> (record: StreamRecord, renderer: MessageRenderer)? {
        let key = WorkerSession.StreamKey(segment: batch.segment, stream: batch.stream)
        if let known = session.streams[key] { return known }
        guard let stored = try await reader.stream(batch.stream, segment: batch.segment) else { return nil }
        do throws(RenderError) {
            let renderer = try MessageRenderer(
                metadata: stored.record.metadata, migratesLegacyMetadata: stored.record.origin != .unary,
                traceparent: stored.record.traceparent)
            session.remember(key, stored.record, renderer)
            return (stored.record, renderer)
        } catch {
            return nil
        }
    }

    private func rendered(
        _ page: RenderedPage, _ session: inout WorkerSession,
        _ group: inout ThrowingTaskGroup<WorkerOutcome, any Error>
    ) async {
        do throws(StoreError) {
            try await ledger.setAside(page.damaged)
            if !page.unrenderable.isEmpty { try await ledger.keep(page.unrenderable) }
        } catch {
            logger.error(
                "events that can not be delivered are not kept in the ledger yet; trying again",
                metadata: ["destination": "\(destination.name)", "error": "\(error)"])
            // Nothing of the page goes on before what it sets aside is durable.
            group.addTask {
                try? await Task.sleep(for: .nanoseconds(Self.recordRetryInterval))
                return .rendered(page)
            }
            return
        }
        metrics.setAside(
            batches: page.damaged.count, lostEvents: page.damaged.reduce(0) { $0 + Int($1.events) },
            keptEvents: page.unrenderable.count)
        if let first = page.damaged.first {
            logger.error(
                "stored batches are damaged: set aside and counted, the rest is delivered",
                metadata: [
                    "segment": "\(first.segment)", "batches": "\(page.damaged.count)", "first": "\(first.id)",
                    "reason": "\(first.reason)",
                ])
        }
        session.add(page)
    }

    // MARK: - Sending

    private func send(_ id: DeliveryPlanner.RequestID, _ packed: PackedRequest) async -> WorkerOutcome {
        let started = WallClock.monotonic()
        do throws(DeliveryError) {
            _ = try await destination.deliver(packed.request)
            metrics.delivered(
                events: packed.request.messages.count, bytes: packed.messageBytes,
                nanoseconds: WallClock.monotonic() - started)
            return .delivered(id)
        } catch {
            metrics.failed(reason: error.code.rawValue)
            return .failed(id, error)
        }
    }

    private func failed(
        _ id: DeliveryPlanner.RequestID, _ error: DeliveryError, _ session: inout WorkerSession
    ) {
        var generator = SystemRandomNumberGenerator()
        let delay = session.planner.failed(
            id, concernsDestination: error.scope == .destination || error.scope == .local,
            retryAfter: error.retryAfter, now: WallClock.monotonic(), using: &generator)
        guard case .emit(let suppressed) = session.decideLog(error.code.rawValue, now: WallClock.monotonic()) else {
            return
        }
        logger.warning(
            "delivery failed; it is tried again until it succeeds",
            metadata: [
                "destination": "\(destination.name)", "reason": "\(error.code.rawValue)",
                "scope": "\(error.scope.rawValue)", "error": "\(error.message)",
                "retry_in_ms": "\(delay / 1_000_000)", "suppressed": "\(suppressed)",
            ])
    }

    // MARK: - Recording

    private func record(_ resolutions: [Resolution], bytes: Int64) async -> WorkerOutcome {
        do throws(StoreError) {
            try await ledger.record(resolutions, at: identifier, deliveredBytes: bytes)
            return .recorded(resolutions, bytes, nil)
        } catch {
            return .recorded(resolutions, bytes, error)
        }
    }

    private func finishSegments(_ session: inout WorkerSession) async {
        guard !session.endedSegments.isEmpty else { return }
        let progress = await ledger.progress(of: identifier)
        for (segment, ended) in session.endedSegments.sorted(by: { $0.key < $1.key }) {
            let own = progress[segment] ?? SegmentProgress()
            guard own.throughBatch >= ended.lastBatch else { continue }
            do throws(StoreError) {
                try await retirement.finish(
                    segment: segment, at: identifier, totals: ended.totals)
                session.segmentFinished(segment)
            } catch {
                // The segment stays on disk; it is tried again with the next recording or poll.
                guard case .emit = session.decideLog("finish", now: WallClock.monotonic()) else { continue }
                logger.error(
                    "a delivered segment can not be removed yet",
                    metadata: ["segment": "\(segment)", "error": "\(error)"])
            }
        }
    }

    private static var readRetryInterval: Int64 { 1_000_000_000 }
    private static var recordRetryInterval: Int64 { 1_000_000_000 }
}
