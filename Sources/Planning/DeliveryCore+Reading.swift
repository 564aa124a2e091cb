/// What is read next, and by which lane.
extension DeliveryCore {
    // MARK: - What happened

    /// A lane has looked ahead.
    ///
    /// - Parameters:
    ///   - batches: those that are not resolved, in order.
    ///   - through: everything up to here has been seen.
    ///   - atEnd: whether there was nothing more.
    package mutating func looked(
        _ name: LaneName, _ batches: [BatchSummary], through: BatchAddress, atEnd: Bool, now: Moment
    ) {
        switch name {
        case .backlog:
            backlog.isListing = false
            let end = freshStart.map { min($0, through) } ?? through
            for batch in batches where batch.address <= end && !taken.contains(batch.address) {
                backlog.queue.append(batch)
            }
            backlog.seen = end
            backlog.isAtEnd = atEnd && freshStart == nil
            if atEnd { backlog.nextLookAt = now.monotonic &+ pollInterval }
        case .fresh:
            // Taken out and put back, so that its line is changed in place.
            guard var lane = fresh.take() else { return }
            lane.isListing = false
            if lane.seen == nil { freshStart = max(through, backlog.seen ?? .start) }
            for batch in batches where !taken.contains(batch.address) { lane.queue.append(batch) }
            lane.seen = max(through, lane.seen ?? .start)
            if atEnd { lane.nextLookAt = now.monotonic &+ pollInterval }
            fresh = lane
        }
        joinLanes()
        forgetPassedSegments()
    }

    /// A lane could not look ahead.
    package mutating func lookFailed(_ name: LaneName, retryAt: Int64) {
        switch name {
        case .backlog:
            backlog.isListing = false
            backlog.isAtEnd = false
            backlog.nextLookAt = max(backlog.nextLookAt, retryAt)
        case .fresh:
            guard var lane = fresh.take() else { return }
            lane.isListing = false
            lane.nextLookAt = max(lane.nextLookAt, retryAt)
            fresh = lane
        }
    }

    /// A page has become these requests; none when nothing of it is to be sent.
    /// - Returns: the number of the first one; the others follow it.
    package mutating func loaded(_ page: PageID, _ sizes: [RequestSize]) -> RequestID {
        pages[page] = nil
        let first = nextRequest
        for size in sizes {
            let id = nextRequest
            nextRequest += 1
            let wasRefused = size.attempts > 0 && size.messages == 1
            heldBytes += size.bytes
            requests[id] = Request(
                messages: size.messages, bytes: size.bytes, attempts: wasRefused ? size.attempts : 0,
                backoff: wasRefused
                    ? Backoff(base: limits.eventBase, ceiling: limits.eventCeiling, failures: size.attempts)
                    : requestBackoff, isIsolated: wasRefused)
            if wasRefused { isolatedCount += 1 }
            if size.isUndeliverable {
                bury(id)
                continue
            }
            if let time = size.notBefore { retries[id] = time } else { ready.append(id) }
        }
        return first
    }

    /// A page could not be read; it is read again.
    package mutating func loadFailed(_ page: PageID, retryAt: Int64) { pages[page]?.retryAt = retryAt }

    /// Everything in a segment is resolved.
    package mutating func finished(segment: UInt64) {
        finishedAhead.insert(segment)
        forgetPassedSegments()
    }

    /// What lies behind the backlog is not looked at again.
    private mutating func forgetPassedSegments() {
        guard let seen = backlog.seen, !finishedAhead.isEmpty else { return }
        for segment in finishedAhead where segment < seen.segment {
            taken.forget(segment: segment)
            finishedAhead.remove(segment)
        }
    }

    // MARK: - What to do

    /// Whether another page may be begun.
    var mayTakePage: Bool {
        !isHeld && pages.count < limits.pages && ready.count < limits.buffered
            && requests.count - isolatedCount < limits.unresolved && isolatedCount < limits.isolated
            && heldBytes < limits.heldBytes
    }

    mutating func takePage(_ now: Moment) -> DeliveryAction? {
        guard !isHeld else { return nil }
        let due = pages.filter { $0.value.retryAt.map { $0 <= now.monotonic } ?? false }.keys.min()
        if let due, let page = pages[due] {
            pages[due]?.retryAt = nil
            return .load(due, page.lane, page.batches)
        }
        guard mayTakePage else { return nil }
        while let lane = nextLane {
            var batches: [BatchSummary] = []
            var expired: [BatchSummary] = []
            let bytes = fill(&batches, &expired, from: lane, now)
            switchLanes(lane, oldest: batches.map(\.receivedAt).min(), now)
            joinLanes()
            if !expired.isEmpty {
                // What was taken beside them goes on as a page of its own.
                if !batches.isEmpty { pending.append(begin(batches, lane, bytes)) }
                return .expire(expired)
            }
            if !batches.isEmpty { return begin(batches, lane, bytes) }
        }
        return nil
    }

    /// - Parameter onlyBlind: only for lanes that see nothing ahead of them.
    mutating func takeLook(_ now: Moment, onlyBlind: Bool) -> DeliveryAction? {
        guard !isPaused, !isStopping else { return nil }
        if mayLook(backlog), backlog.nextLookAt <= now.monotonic, !backlogIsSeen, !onlyBlind || backlog.queue.isEmpty {
            backlog.isListing = true
            return .look(.backlog, after: backlog.seen, limit: limits.look)
        }
        if let seen = fresh?.seen, let isBlind = fresh?.queue.isEmpty, fresh.map(mayLook) == true,
            fresh?.nextLookAt ?? .max <= now.monotonic, !onlyBlind || isBlind
        {
            fresh?.isListing = true
            return .look(.fresh, after: seen, limit: limits.look)
        }
        if fresh != nil, fresh?.seen == nil, fresh?.isListing == false, fresh?.nextLookAt ?? .max <= now.monotonic {
            fresh?.isListing = true
            return .look(.fresh, after: nil, limit: limits.look)
        }
        return nil
    }

    /// When a lane wants to look again.
    var lookTimes: [Int64] {
        guard !isPaused, !isStopping else { return [] }
        var times: [Int64] = []
        if mayLook(backlog), !backlogIsSeen { times.append(backlog.nextLookAt) }
        if let fresh, mayLook(fresh) { times.append(fresh.nextLookAt) }
        return times
    }

    // MARK: -

    private var requestBackoff: Backoff { Backoff(base: limits.requestBase, ceiling: limits.requestCeiling) }

    private var pollInterval: Int64 { mayTakePage ? limits.pollInterval : limits.idlePollInterval }

    /// Whether the backlog has seen everything up to where the fresh lane began.
    private var backlogIsSeen: Bool { freshStart.map { (backlog.seen ?? .start) >= $0 } ?? false }

    private func mayLook(_ lane: Lane) -> Bool { !lane.isListing && lane.queue.count < limits.lookAhead }

    /// The lane whose turn it is; nil when nothing waits in any.
    private var nextLane: LaneName? {
        guard let fresh, !fresh.queue.isEmpty else { return backlog.queue.isEmpty ? nil : .backlog }
        guard !backlog.queue.isEmpty else { return .fresh }
        let all = Double(fresh.takenBytes + backlog.takenBytes)
        return Double(fresh.takenBytes) <= limits.freshShare * all ? .fresh : .backlog
    }

    private mutating func fill(
        _ batches: inout [BatchSummary], _ expired: inout [BatchSummary], from lane: LaneName, _ now: Moment
    ) -> Int64 {
        var bytes: Int64 = 0
        var price: Int64 = 0
        while price < limits.pageBytes, let batch = popFirst(lane) {
            // The other lane may have had it.
            guard taken.take(batch.address) else { continue }
            price += max(batch.bytes, FairQueue.minimumPrice)
            if isExpired(batch, now) {
                expired.append(batch)
            } else {
                batches.append(batch)
                bytes += batch.bytes
            }
        }
        return bytes
    }

    private mutating func popFirst(_ lane: LaneName) -> BatchSummary? {
        switch lane {
        case .backlog: backlog.queue.popFirst()
        case .fresh: fresh?.queue.popFirst()
        }
    }

    private mutating func begin(_ batches: [BatchSummary], _ lane: LaneName, _ bytes: Int64) -> DeliveryAction {
        if fresh != nil { count(bytes, of: lane) }
        let id = nextPage
        nextPage += 1
        pages[id] = Page(lane: lane, batches: batches)
        return .load(id, lane, batches)
    }

    /// Counts what a lane took. What was long ago counts less: a lane that had nothing to take has no claim for ever.
    private mutating func count(_ bytes: Int64, of lane: LaneName) {
        switch lane {
        case .backlog: backlog.takenBytes += bytes
        case .fresh: fresh?.takenBytes += bytes
        }
        guard backlog.takenBytes + (fresh?.takenBytes ?? 0) > 64 * limits.pageBytes else { return }
        backlog.takenBytes /= 2
        fresh?.takenBytes /= 2
    }

    /// Opens the fresh lane when what is taken is old, and moves it to the end when it falls behind itself.
    private mutating func switchLanes(_ lane: LaneName, oldest: Int64?, _ now: Moment) {
        guard let oldest, now.wall &- oldest > limits.freshAge, limits.freshShare > 0 else { return }
        switch lane {
        case .backlog:
            // Its end is the fresh lane's beginning, once that is known.
            if fresh == nil { fresh = Lane() }
        case .fresh:
            // What it has seen and not taken is the backlog's from now on, which looks at it in order.
            var moved = Lane()
            moved.isListing = fresh?.isListing ?? false
            moved.takenBytes = fresh?.takenBytes ?? 0
            // A look that is on its way belongs to the old place.
            if moved.isListing { return }
            fresh = moved
        }
    }

    /// Without a backlog there is one lane only.
    mutating func joinLanes() {
        guard let lane = fresh, lane.seen != nil, !lane.isListing, !backlog.isListing, backlog.queue.isEmpty,
            backlogIsSeen
        else { return }
        backlog = lane
        backlog.takenBytes = 0
        fresh = nil
        freshStart = nil
    }
}
