internal import Logging
internal import Planning
internal import Runtime
internal import Store

/// Records what was delivered, and lets finished segments go.
extension DestinationWorker {
    func record(_ group: RecordGroup) async -> WorkerOutcome {
        let started = WallClock.monotonic()
        do throws(StoreError) {
            try await ledger.record(group.record, at: identifier)
            if let trace = group.trace { spans.recorded(group, below: trace, at: started, failure: nil) }
            // After the ledger: a receipt says that something is delivered, and must not know more.
            await receipts?.append(group.delivered, at: identifier)
            return .recorded(group, nil)
        } catch {
            if let trace = group.trace { spans.recorded(group, below: trace, at: started, failure: error) }
            return .recorded(group, error)
        }
    }

    func recorded(_ group: RecordGroup, _ error: StoreError?, _ session: inout WorkerSession) async {
        guard let error else {
            session.recording.succeeded()
            for burial in group.burials {
                session.requests[burial.request] = nil
                session.core.buried(burial.request)
            }
            metrics.buried(group.burials.map(\.letter.reason))
            await finishSegments(&session)
            return
        }
        if error.code == .removed { session.fatal = error }
        let now = Self.now
        if error.code == .full, !group.burials.isEmpty {
            // No room for all of these dead letters, or no room at all: what was delivered is recorded without them first.
            for burial in session.recording.foundNoRoom(for: group, now: now.monotonic) {
                session.core.couldNotBury(burial.request, now: now)
            }
        } else {
            session.recording.failed(group, retryAt: now.monotonic &+ Self.retryInterval)
        }
        guard case .emit(let suppressed) = session.decideLog("record \(error.code)", now: now.monotonic) else { return }
        logger.error(
            "not recorded in the ledger yet; nothing is forgotten, and it is tried again",
            metadata: [
                "destination": "\(destination.name)", "error": "\(error)",
                "dead_letters": "\(group.burials.count)", "suppressed": "\(suppressed)",
            ])
    }

    func finishSegments(_ session: inout WorkerSession) async {
        guard !session.endedSegments.isEmpty, WallClock.monotonic() >= session.finishNotBefore else { return }
        let progress = await ledger.progress(of: identifier)
        for (segment, ended) in session.endedSegments.sorted(by: { $0.key < $1.key }) {
            guard (progress[segment]?.throughBatch ?? 0) >= ended.lastBatch else { continue }
            do throws(StoreError) {
                try await retirement.finish(segment: segment, at: identifier, totals: ended.totals)
                session.segmentFinished(segment)
            } catch {
                if error.code == .removed { session.fatal = error }
                session.finishNotBefore = WallClock.monotonic() &+ Self.retryInterval
                // The segment stays on disk; it is tried again with the next recording or look.
                guard case .emit = session.decideLog("finish", now: WallClock.monotonic()) else { continue }
                logger.error(
                    "a delivered segment can not be removed yet",
                    metadata: ["segment": "\(segment)", "error": "\(error)"])
            }
        }
    }
}
