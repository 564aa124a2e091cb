internal import Contract
internal import Logging
internal import Runtime
internal import Store

/// Sends a time of the past again, from the segments that are still there.
extension ReplayWorker {
    /// Batches that are looked at in one step, and payload bytes that are read in one.
    private static var headersAtOnce: Int { 256 }
    private static var bytesAtOnce: Int64 { 1 << 20 }

    /// - Returns: whether an order went on.
    func sendPast(_ state: inout ReplayState) async throws(StoreError) -> Bool {
        guard let job = try await ledger.replayJobs(of: identifier).first(where: \.isRunning) else {
            return false
        }
        guard state.mayGoOn(job: job.id, now: WallClock.monotonic()) else { return false }
        let page = try await reader.headers(after: job.position, limit: Self.headersAtOnce)
        let closed = await ledger.closed
        let progress = await ledger.progress(of: identifier)
        var undelivered = UndeliveredBatches()
        if let segment = page.segment, !job.includesUndelivered {
            undelivered = try await ledger.undelivered(of: identifier, segment: segment)
        }
        var wanted: [SpoolPosition] = []
        var bytes: Int64 = 0
        var position = page.position
        for header in page.headers {
            let isTimely = header.receivedAt >= job.from && header.receivedAt < job.to
            let isClients = job.client.map { $0 == page.senders[header.stream]?.name } ?? true
            // What was not delivered yet comes by itself.
            let isDelivered =
                closed.contains(header.position.segment)
                || progress[header.position.segment]?.isResolved(batch: header.position.batch) == true
            guard isTimely, isClients, isDelivered, !undelivered.contains(header.position.batch) else { continue }
            wanted.append(header.position)
            bytes += header.payloadBytes
            if bytes >= Self.bytesAtOnce {
                position = header.position
                break
            }
        }
        let sent = try await send(wanted, job, &state)
        guard let sent else { return false }
        var next = position
        var isDone = false
        if position == page.position {
            switch page.end {
            case .more: break
            case .caughtUp: isDone = true
            case .segmentFinished: next = SpoolPosition(segment: (page.segment ?? position.segment) &+ 1, batch: 0)
            }
        }
        let step = ReplayJobProgress(job: job.id, position: next, sent: Int64(sent), isDone: isDone)
        try await ledger.record(DeliveryRecord(jobs: [step]), at: identifier)
        state.sentPast(sent, rate: rate(job.rate), now: WallClock.monotonic())
        if isDone {
            logger.info(
                "a time of the past is sent again",
                metadata: [
                    "destination": "\(destination.name)", "job": "\(job.id)", "events": "\(job.sent + Int64(sent))",
                ])
        }
        return true
    }

    /// - Returns: how many events were sent; nil when the destination takes nothing now, and nothing counts as sent.
    private func send(
        _ positions: [SpoolPosition], _ job: ReplayJob, _ state: inout ReplayState
    ) async throws(StoreError) -> Int? {
        let read = try await reader.batches(at: positions)
        var dead: [Int64: Set<Int>] = [:]
        // All of a page lie in one segment.
        if !job.includesUndelivered, let first = positions.first, let last = positions.last {
            dead = try await ledger.deadEvents(
                of: identifier, segment: first.segment, batches: first.batch...max(first.batch, last.batch))
        }
        var arena = MessageArena()
        var skipped = read.damaged.count
        for batch in read.batches {
            guard let stream = try await reader.stream(batch.stream, segment: batch.segment) else {
                skipped += batch.eventCount
                continue
            }
            do throws(RenderError) {
                var renderer = try Self.renderer(of: stream.record)
                for event in 0..<batch.eventCount where dead[batch.id]?.contains(event) != true {
                    let bytes = batch.withEvent(event) { [UInt8]($0) }
                    do throws(RenderError) {
                        try Self.render(bytes, by: &renderer, mark: ReplayMark.past(job.id), into: &arena)
                    } catch {
                        skipped += 1
                    }
                }
            } catch {
                skipped += batch.eventCount
            }
        }
        var sent = 0
        for part in Self.parts(of: arena, at: destination) {
            for result in await deliver(DeliveryRequest(arena: arena, messages: part), &state) {
                switch result {
                case .delivered: sent += 1
                // It is a dead letter already.
                case .refused: skipped += 1
                case .later: return nil
                }
            }
        }
        if skipped > 0 {
            logger.warning(
                "some events of the past can not be sent again",
                metadata: ["destination": "\(destination.name)", "job": "\(job.id)", "skipped": "\(skipped)"])
        }
        return sent
    }
}
