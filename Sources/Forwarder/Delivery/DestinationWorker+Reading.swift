internal import Contract
internal import Logging
internal import Observing
internal import Planning
internal import Runtime
internal import Store

/// Looks ahead in the spool, and reads and renders what planning chooses.
extension DestinationWorker {
    func look(_ lane: LaneName, after: BatchAddress?, limit: Int, _ session: inout WorkerSession) async {
        do throws(StoreError) {
            guard let after else {
                let end = try await reader.end()
                session.core.looked(
                    lane, [], through: BatchAddress(segment: end.segment, batch: end.batch), atEnd: true, now: Self.now)
                return
            }
            let page = try await reader.headers(
                after: try await place(after, session), limit: limit)
            try await ledger.setAside(page.damaged)
            countDamage(page.damaged)
            session.recording.waiting.resolutions += page.damaged.map(Resolution.init(damaged:))
            let (through, atEnd) = passed(page, &session)
            session.core.looked(
                lane, unresolved(page, &session), through: through, atEnd: atEnd, now: Self.now)
            await finishSegments(&session)
        } catch {
            session.core.lookFailed(lane, retryAt: WallClock.monotonic() &+ Self.retryInterval)
            readFailed(error, &session)
        }
    }

    /// The oldest segment after a place that this destination has not finished, and how far it is there.
    ///
    /// Each segment on disk is asked for by its own entry in the ledger: requests finish out of order, so a newer
    /// segment may have an entry while an older one has none yet.
    private func place(_ after: BatchAddress, _ session: WorkerSession) async throws(StoreError) -> SpoolPosition {
        let closed = await ledger.closed
        let isOver = closed.contains(after.segment) || session.isDone(with: after.segment)
        guard after.batch == 0 || isOver else { return SpoolPosition(segment: after.segment, batch: after.batch) }
        let numbers = try await reader.segmentNumbers()
        let next = numbers.first {
            $0 >= after.segment && !session.isDone(with: $0) && !closed.contains($0)
        }
        // Beyond the newest one there is nothing yet.
        guard let next else { return SpoolPosition(segment: max(after.segment, (numbers.last ?? 0) + 1), batch: 0) }
        return SpoolPosition(segment: next, batch: session.progress[next]?.throughBatch ?? 0)
    }

    private func passed(_ page: HeaderPage, _ session: inout WorkerSession) -> (through: BatchAddress, atEnd: Bool) {
        let position = BatchAddress(segment: page.position.segment, batch: page.position.batch)
        guard case .segmentFinished(let totals) = page.end, let segment = page.segment else {
            return (position, page.end == .caughtUp)
        }
        session.segmentEnded(segment, lastBatch: page.position.batch, totals: totals)
        return (BatchAddress(segment: segment &+ 1, batch: 0), false)
    }

    private func unresolved(_ page: HeaderPage, _ session: inout WorkerSession) -> [BatchSummary] {
        let progress = page.segment.flatMap { session.progress[$0] }
        var clients: [Int64: Int32] = [:]
        var summaries: [BatchSummary] = []
        summaries.reserveCapacity(page.headers.count)
        for header in page.headers where progress?.isResolved(batch: header.position.batch) != true {
            let client: Int32
            if let known = clients[header.stream] {
                client = known
            } else {
                let sender = page.senders[header.stream]
                client = session.client(named: sender?.name ?? "", source: sender?.source ?? "")
                clients[header.stream] = client
            }
            summaries.append(
                BatchSummary(
                    address: BatchAddress(segment: header.position.segment, batch: header.position.batch),
                    client: client, events: Int32(clamping: header.events), bytes: header.payloadBytes,
                    receivedAt: header.receivedAt))
        }
        return summaries
    }

    // MARK: - Pages

    func load(_ page: PageID, _ batches: [BatchSummary], _ session: inout WorkerSession, _ group: inout Group) async {
        let started = spans.isOn ? WallClock.monotonic() : 0
        do throws(StoreError) {
            let read = try await reader.batches(
                at: batches.map { SpoolPosition(segment: $0.address.segment, batch: $0.address.batch) })
            var loaded = LoadedPage(page: page, damaged: read.damaged)
            let work = try await work(read.batches, &loaded, &session)
            loaded.resolved += loaded.damaged.map(Resolution.init(damaged:))
            guard !work.isEmpty || !loaded.damaged.isEmpty else {
                session.add(loaded, now: Self.now)
                return
            }
            let renderer = PageRenderer(destination: destination, metrics: metrics, refused: session.refused)
            let span = spans.isOn ? spans.begin(work.lazy.map(\.trace), at: started) : nil
            group.addTask { [loaded] in
                var rendered = loaded
                rendered.requests = await renderer.render(work)
                if let span { spans.rendered(&rendered.requests, of: work, span) }
                return .loaded(rendered)
            }
        } catch {
            session.core.loadFailed(page, retryAt: WallClock.monotonic() &+ Self.retryInterval)
            readFailed(error, &session)
        }
    }

    private func work(
        _ batches: [StoredBatch], _ page: inout LoadedPage, _ session: inout WorkerSession
    ) async throws(StoreError) -> [PageRenderer<Target>.Work] {
        var work: [PageRenderer<Target>.Work] = []
        for batch in batches {
            guard let stream = try await stream(batch.stream, segment: batch.segment, &session) else {
                page.damaged.append(
                    DamagedBatch(
                        segment: batch.segment, id: batch.id, events: Int64(batch.eventCount),
                        reason: "the row of its stream is damaged"))
                continue
            }
            guard batch.eventCount > 0 else {
                page.resolved.append(
                    Resolution(segment: batch.segment, batch: batch.id, events: 0..<0, batchEvents: 0))
                continue
            }
            let remaining =
                session.progress[batch.segment]?.remaining(batch: batch.id, total: batch.eventCount)
                ?? [0..<batch.eventCount]
            work.append(
                PageRenderer.Work(
                    batch: batch, renderer: stream.renderer, client: stream.client, remaining: remaining,
                    trace: stream.trace))
        }
        return work
    }

    /// A stream of the spool; nil when its row is damaged.
    func stream(
        _ number: Int64, segment: UInt64, _ session: inout WorkerSession
    ) async throws(StoreError) -> WorkerSession.Stream? {
        let key = WorkerSession.StreamKey(segment: segment, stream: number)
        if let known = session.streams[key] { return known }
        guard let stored = try await reader.stream(number, segment: segment) else { return nil }
        let record = stored.record
        let client = try await ledger.client(name: record.client, source: record.source)
        do throws(RenderError) {
            let renderer = try MessageRenderer(
                metadata: record.metadata, migratesLegacyMetadata: record.origin != .unary,
                traceparent: record.traceparent)
            let stream = WorkerSession.Stream(
                record: record, renderer: renderer, client: client,
                trace: spans.isOn ? TraceContext(traceparent: record.traceparent) : nil)
            session.remember(key, stream)
            return stream
        } catch {
            return nil
        }
    }

    func loaded(_ page: LoadedPage, _ session: inout WorkerSession, _ group: inout Group) async {
        do throws(StoreError) {
            try await ledger.setAside(page.damaged)
        } catch {
            if error.code == .removed { session.fatal = error }
            logger.error(
                "damaged batches are not noted in the ledger yet; trying again",
                metadata: ["destination": "\(destination.name)", "error": "\(error)"])
            // Nothing of the page goes on before what it sets aside is durable.
            group.addTask {
                try? await Task.sleep(for: .nanoseconds(Self.retryInterval))
                return .loaded(page)
            }
            return
        }
        countDamage(page.damaged)
        session.add(page, now: Self.now)
    }

    func expire(_ batches: [BatchSummary], _ session: inout WorkerSession) async {
        var later: [BatchSummary] = []
        var events = 0
        for batch in batches {
            let address = batch.address
            // Counted for nobody only when its rows do not say who sent it.
            var client = ClientID.none
            do throws(StoreError) {
                if let stored = try await reader.sender(batch: address.batch, segment: address.segment) {
                    client = try await ledger.client(name: stored.name, source: stored.source)
                }
            } catch {
                // Whose it is can be read later: until then it does not expire.
                later.append(batch)
                readFailed(error, &session)
                continue
            }
            events += Int(batch.events)
            session.recording.waiting.resolutions.append(
                Resolution(
                    segment: address.segment, batch: address.batch, events: 0..<Int(batch.events),
                    batchEvents: Int(batch.events), client: client, outcome: .expired))
        }
        session.core.expireFailed(later, retryAt: WallClock.monotonic() &+ Self.retryInterval)
        metrics.expired(events)
    }

    // MARK: - Trouble

    static var retryInterval: Int64 { 1_000_000_000 }

    func countDamage(_ damaged: [DamagedBatch]) {
        guard let first = damaged.first else { return }
        metrics.setAside(batches: damaged.count, lostEvents: damaged.reduce(0) { $0 &+ Int(clamping: $1.events) })
        logger.error(
            "stored batches are damaged: set aside and counted, the rest is delivered",
            metadata: [
                "segment": "\(first.segment)", "batches": "\(damaged.count)", "first": "\(first.id)",
                "reason": "\(first.reason)",
            ])
    }

    private func readFailed(_ error: StoreError, _ session: inout WorkerSession) {
        if error.code == .newerVersion || error.code == .removed { session.fatal = error }
        guard case .emit = session.decideLog("read \(error.code)", now: WallClock.monotonic()) else { return }
        logger.error(
            "the spool can not be read; trying again",
            metadata: ["destination": "\(destination.name)", "error": "\(error)"])
    }
}
