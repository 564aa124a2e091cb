internal import Contract
internal import Logging
internal import Planning
internal import Runtime
internal import Store

/// Sends requests, and keeps what will never be taken.
extension DestinationWorker {
    func send(_ id: RequestID, _ packed: PackedRequest) async -> WorkerOutcome {
        let started = WallClock.monotonic()
        do throws(DeliveryError) {
            let receipt = try await destination.deliver(packed.request)
            let latency = WallClock.monotonic() &- started
            metrics.delivered(
                events: packed.request.messages.count, bytes: packed.messageBytes, nanoseconds: latency)
            if let trace = packed.trace { spans.published(packed, below: trace, at: started, failure: nil) }
            return .delivered(id, latency: latency, receipt.references)
        } catch {
            metrics.failed(reason: error.code.rawValue)
            if let trace = packed.trace { spans.published(packed, below: trace, at: started, failure: error) }
            return .failed(id, error)
        }
    }

    func failed(_ id: RequestID, _ error: DeliveryError, _ session: inout WorkerSession) {
        let now = Self.now
        let events = session.requests[id]?.request.messages.count ?? 0
        session.note(error, of: id, at: now.wall)
        let before = session.core.breaker.state
        session.core.failed(id, DeliveryFailure(error), now: now)
        if case .open(let until) = session.core.breaker.state, before == .closed {
            logger.warning(
                "the destination fails as a whole: nothing is sent but a probe now and then",
                metadata: [
                    "destination": "\(destination.name)", "reason": "\(error.code.rawValue)",
                    "error": "\(error.message)", "next_probe_in_ms": "\((until &- now.monotonic) / 1_000_000)",
                ])
        }
        guard case .emit(let suppressed) = session.decideLog(error.code.rawValue, now: now.monotonic) else { return }
        logger.warning(
            "delivery failed; nothing is lost",
            metadata: [
                "destination": "\(destination.name)", "reason": "\(error.code.rawValue)",
                "scope": "\(error.scope.rawValue)", "error": "\(error.message)", "events": "\(events)",
                "action": "\(error.action)", "suppressed": "\(suppressed)",
            ])
    }

    /// Makes a dead letter of a request's one event.
    func bury(_ id: RequestID, attempts: Int, _ session: inout WorkerSession) async {
        guard let request = session.requests[id], let address = request.address,
            let resolution = request.resolutions.first
        else {
            session.core.buried(id)
            return
        }
        do throws(StoreError) {
            var read: (batches: [StoredBatch], damaged: [DamagedBatch]) = ([], [])
            if let known = session.lastBuried, known.segment == address.segment, known.id == address.batch {
                read.batches = [known]
            } else {
                read = try await reader.batches(
                    at: [SpoolPosition(segment: address.segment, batch: address.batch)])
                session.lastBuried = read.batches.first
            }
            guard let batch = read.batches.first, address.event < batch.eventCount,
                let stream = try await stream(batch.stream, segment: address.segment, &session)
            else {
                // What can not be read any more can not be kept; it counts as damaged, like the rest of its batch.
                try await ledger.setAside(read.damaged)
                if read.damaged.isEmpty { metrics.setAside(batches: 0, lostEvents: 1) }
                countDamage(read.damaged)
                session.recording.waiting.resolutions.append(resolution.with(.damaged))
                session.requests[id] = nil
                session.core.buried(id)
                return
            }
            let letter = DeadLetterMaker.letter(
                request, at: address, batch: batch, stream: stream, attempts: attempts, now: WallClock.now())
            session.recording.waiting.burials.append(
                RecordGroup.Burial(request: id, letter: letter, resolution: resolution.with(.dead)))
        } catch {
            if error.code == .newerVersion || error.code == .removed { session.fatal = error }
            session.core.couldNotBury(id, now: Self.now)
            logger.error(
                "a dead letter can not be made yet; trying again",
                metadata: ["destination": "\(destination.name)", "error": "\(error)"])
        }
    }
}

extension DeliveryFailure {
    /// What planning has to know of an error.
    init(_ error: DeliveryError) {
        let scope: Scope =
            switch error.scope {
            case .event: .event
            case .batch: .batch
            case .destination: .destination
            case .local: .local
            }
        let isPushback = [.quota, .unavailable, .timeout, .overloaded].contains(error.code)
        self.init(
            scope: scope, isRetriable: error.isRetriable, isPushback: isPushback,
            retryAfter: error.retryAfter.map {
                $0.components.seconds * 1_000_000_000 + $0.components.attoseconds / 1_000_000_000
            })
    }
}
