/// What is given up because it is too old.
extension DeliveryCore {
    /// Batches that were to expire could not be recorded so: whose they are can not be read now.
    package mutating func expireFailed(_ batches: [BatchSummary], retryAt: Int64) {
        guard !batches.isEmpty else { return }
        unexpired.append(Unexpired(batches: batches, retryAt: retryAt))
    }

    /// Whether a batch is too old.
    func isExpired(_ batch: BatchSummary, _ now: Moment) -> Bool { batch.isOlder(than: limits.maximumAge, now) }

    /// What is too old goes when it is its turn to be read. While nothing can be read because the destination is away it goes
    /// from here, so that it frees space all the same. What has been read already is still sent.
    mutating func takeExpired(_ now: Moment) -> DeliveryAction? {
        guard mayExpire else { return nil }
        if let due = unexpired.firstIndex(where: { $0.retryAt <= now.monotonic }) {
            return .expire(unexpired.remove(at: due).batches)
        }
        guard isWaitingForAge, nextExpiryAt <= now.monotonic else { return nil }
        let age = limits.maximumAge
        var old = backlog.queue.popFirst(limits.look) { $0.isOlder(than: age, now) }
        if var lane = fresh.take() {
            old += lane.queue.popFirst(limits.look - old.count) { $0.isOlder(than: age, now) }
            fresh = lane
        }
        if old.count < limits.look { nextExpiryAt = now.monotonic &+ limits.idlePollInterval }
        // The other lane may have had it.
        let expired = old.filter { taken.take($0.address) }
        joinLanes()
        return expired.isEmpty ? nil : .expire(expired)
    }

    /// When something may be too old; nil while that does not depend on the time.
    var nextExpiry: Int64? {
        guard mayExpire else { return nil }
        let retry = unexpired.map(\.retryAt).min()
        guard isWaitingForAge else { return retry }
        return min(retry ?? .max, nextExpiryAt)
    }

    /// A pause is an operator's wish; what can not be recorded is not begun.
    private var mayExpire: Bool { !isPaused && !isStopping && !isRecordingBehind }

    private var isWaitingForAge: Bool {
        limits.maximumAge != nil && !mayTakePage && seenAheadCount > 0
    }
}

extension BatchSummary {
    /// Whether it is older than a limit; nil for none. A header that says nothing proves nothing: whoever reads the batch
    /// finds out.
    fileprivate func isOlder(than age: Int64?, _ now: Moment) -> Bool {
        guard let age, receivedAt > 0, events > 0 else { return false }
        return now.wall &- receivedAt > age
    }
}
