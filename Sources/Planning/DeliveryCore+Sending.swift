/// What is sent, and what becomes of it.
extension DeliveryCore {
    // MARK: - What happened

    /// A request was taken by the destination.
    /// - Parameter latency: nanoseconds.
    package mutating func delivered(_ id: RequestID, latency: Int64) {
        let count = underWay.count
        guard let sentAt = underWay.removeValue(forKey: id) else { return }
        forget(id)
        refusalsInARow = 0
        newestTakenSentAt = max(newestTakenSentAt, sentAt)
        budget.succeeded()
        concurrency.succeeded(latency: latency, underWay: count)
        if breaker.succeeded() {
            concurrency.slowStart(known: concurrencyBeforeFailures ?? concurrency.value)
        }
        if breaker.state == .closed { concurrencyBeforeFailures = nil }
    }

    /// A request failed.
    package mutating func failed(_ id: RequestID, _ failure: DeliveryFailure, now: Moment) {
        guard underWay.removeValue(forKey: id) != nil, let request = requests[id] else { return }
        switch failure.scope {
        case .event, .batch:
            if request.messages == 1, isGivenUp(request, failure, now) {
                answered()
                isolate(id, now)
                requests[id]?.attempts += 1
                bury(id)
            } else if refusesEverything(now) {
                // It would refuse everything.
                failedAsWhole(id, failure, opensAtOnce: true, now)
            } else if request.messages == 1 {
                refused(id, failure, now)
            } else {
                // Which of its events is meant is not known: they are tried in halves.
                answered()
                split(id, request)
            }
        case .destination, .local: failedAsWhole(id, failure, opensAtOnce: !failure.isRetriable, now)
        }
    }

    /// A dead letter is durable.
    package mutating func buried(_ id: RequestID) {
        burials.remove(id)
        unburied[id] = nil
        forget(id)
    }

    /// There is no room for a dead letter: everything waits until there is, and nothing is dropped.
    package mutating func couldNotBury(_ id: RequestID, now: Moment) {
        burials.remove(id)
        unburied[id] = now.monotonic &+ limits.burialPause
    }

    /// An operator has made room for dead letters.
    package mutating func roomForDeadLetters() {
        for id in unburied.keys { unburied[id] = .min }
    }

    // MARK: - What to do

    mutating func takeSendable(_ now: Moment) -> RequestID? {
        let isProbe = breaker.state != .closed
        guard !isHeld, underWay.count < mostUnderWay, let candidate = candidate(now.monotonic),
            breaker.allows(underWay: underWay.count, lastSentAt: underWay.values.max(), now: now.monotonic)
        else { return nil }
        switch candidate {
        case .urgent: urgent.removeLast()
        case .ready: _ = ready.popFirst()
        case .retry(let id):
            // A probe is what finds out whether anything works; an event that was refused is nobody's burden.
            let isFree = isProbe || requests[id]?.isIsolated == true
            guard isFree || budget.take(now: now.monotonic) else { return nil }
            retries[id] = nil
        }
        if let first = requests[candidate.request]?.firstRefusalAt {
            requests[candidate.request]?.isSentOnEvidence = newestTakenSentAt > first
        }
        underWay[candidate.request] = now.monotonic
        return candidate.request
    }

    /// When something may be sent; nil while that does not depend on the time.
    func nextSendAt(_ now: Moment) -> Int64? {
        guard underWay.count < mostUnderWay,
            let earliest = breaker.asksAt(underWay: underWay.count, lastSentAt: underWay.values.max())
        else { return nil }
        if !urgent.isEmpty || !ready.isEmpty { return earliest }
        guard !retries.isEmpty else { return nil }
        if breaker.state != .closed { return earliest }
        let affordable = budget.nextAt(now: now.monotonic)
        return retries.lazy.map { [requests] (id, due) in
            requests[id]?.isIsolated == true ? due : max(due, affordable)
        }.min()
    }

    mutating func retryBurials(_ now: Moment) {
        guard !isStopping else { return }
        // What is tried again holds everything else until it is known whether there was room.
        for (id, time) in unburied.sorted(by: { $0.key < $1.key }) where time <= now.monotonic && !burials.contains(id)
        {
            bury(id)
        }
    }

    // MARK: -

    private enum Candidate {
        case urgent(RequestID)
        case ready(RequestID)
        case retry(RequestID)

        var request: RequestID {
            switch self {
            case .urgent(let id), .ready(let id), .retry(let id): id
            }
        }
    }

    /// Requests that may be under way now. Probes that nobody answers say nothing about how much the destination can take.
    private var mostUnderWay: Int {
        breaker.state == .closed
            ? concurrency.limit : max(concurrency.limit, min(limits.breaker.probes, limits.concurrency.maximum))
    }

    private func candidate(_ now: Int64) -> Candidate? {
        let isProbe = breaker.state != .closed
        // While everything is refused, the best probe is something that was not refused yet.
        if isProbe, refusalsInARow > 0, let id = ready.first { return .ready(id) }
        let isAffordable = isProbe || budget.nextAt(now: now) <= now
        let due = retries.lazy.filter { [requests] (id, time) in
            isProbe || (time <= now && (isAffordable || requests[id]?.isIsolated == true))
        }.map(\.key).min { left, right in order(left) < order(right) }
        if let due { return .retry(due) }
        if let id = urgent.last { return .urgent(id) }
        return ready.first.map { .ready($0) }
    }

    /// Whole requests before single refused events, older ones before newer ones.
    private func order(_ id: RequestID) -> (Int, RequestID) { (requests[id]?.isIsolated == true ? 1 : 0, id) }

    /// The destination refuses, so it is there.
    private mutating func answered() {
        if breaker.succeeded() {
            concurrency.slowStart(known: concurrencyBeforeFailures ?? concurrency.value)
        }
        concurrency.failed()
    }

    private mutating func failedAsWhole(
        _ id: RequestID, _ failure: DeliveryFailure, opensAtOnce: Bool, _ now: Moment
    ) {
        let delay = requests[id]?.backoff.nextDelay(retryAfter: failure.retryAfter, fraction: random.fraction()) ?? 0
        retries[id] = now.monotonic &+ delay
        if concurrencyBeforeFailures == nil { concurrencyBeforeFailures = concurrency.value }
        if failure.isPushback { concurrency.pushedBack() } else { concurrency.failed() }
        _ = breaker.failed(
            opensAtOnce: opensAtOnce, retryAfter: failure.retryAfter, now: now.monotonic, fraction: random.fraction())
    }

    /// Whether it is the destination that is broken, not the events.
    private func refusesEverything(_ now: Moment) -> Bool {
        refusalsInARow >= limits.refusalsInARow
            && now.monotonic &- max(newestTakenSentAt, beganAt) > limits.brokenAfter
    }

    /// Whether an event that was refused once more is not tried again.
    private func isGivenUp(_ request: Request, _ failure: DeliveryFailure, _ now: Moment) -> Bool {
        // A destination that says event by event what it will never take need not be asked again.
        if failure.scope == .event, !failure.isRetriable { return true }
        guard request.attempts + 1 >= limits.attempts, let first = request.firstRefusalAt else { return false }
        return request.isSentOnEvidence
            || (refusalsInARow < limits.refusalsInARow && now.monotonic &- first > limits.patience)
    }

    /// One event was refused alone: the only failure that counts against an event.
    private mutating func refused(_ id: RequestID, _ failure: DeliveryFailure, _ now: Moment) {
        answered()
        isolate(id, now)
        let attempts = (requests[id]?.attempts ?? 0) + 1
        requests[id]?.attempts = attempts
        // Different events: a few that are tried again and again prove nothing about the destination.
        if attempts == 1 { refusalsInARow += 1 }
        let delay = requests[id]?.backoff.nextDelay(retryAfter: failure.retryAfter, fraction: random.fraction()) ?? 0
        retries[id] = now.monotonic &+ delay
        pending.append(.noteAttempt(id, attempts: attempts, delay: delay))
    }

    mutating func bury(_ id: RequestID) {
        burials.insert(id)
        pending.append(.bury(id, attempts: requests[id]?.attempts ?? 0))
    }

    private mutating func isolate(_ id: RequestID, _ now: Moment) {
        if requests[id]?.firstRefusalAt == nil { requests[id]?.firstRefusalAt = now.monotonic }
        guard requests[id]?.isIsolated == false else { return }
        requests[id]?.isIsolated = true
        requests[id]?.backoff = Backoff(base: limits.eventBase, ceiling: limits.eventCeiling)
        isolatedCount += 1
    }

    private mutating func split(_ id: RequestID, _ request: Request) {
        let middle = request.messages / 2
        let (first, second) = (nextRequest, nextRequest + 1)
        nextRequest += 2
        let half = request.bytes / 2
        for (part, messages, bytes) in [
            (first, middle, half), (second, request.messages - middle, request.bytes - half),
        ] {
            requests[part] = Request(
                messages: messages, bytes: bytes, attempts: 0,
                backoff: Backoff(base: limits.requestBase, ceiling: limits.requestCeiling), isIsolated: false)
        }
        requests[id] = nil
        urgent += [second, first]
        pending.append(.split(id, at: middle, first: first, second: second))
    }

    private mutating func forget(_ id: RequestID) {
        guard let request = requests.removeValue(forKey: id) else { return }
        heldBytes -= request.bytes
        if request.isIsolated { isolatedCount -= 1 }
    }
}
