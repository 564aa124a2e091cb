internal import Contract
internal import Observing
internal import Planning
internal import Runtime
internal import Store

/// What one destination's worker remembers while it runs. A value without I/O; the worker's loop owns it.
struct WorkerSession {
    struct StreamKey: Hashable {
        let segment: UInt64
        let stream: Int64
    }

    /// What is known of a stream.
    struct Stream {
        let record: StreamRecord
        let renderer: MessageRenderer
        let client: ClientID
        /// The trace that the call belonged to; nil without one, and when nothing is recorded.
        let trace: TraceContext?
    }

    /// A segment of which the last batch has been seen.
    struct EndedSegment {
        let lastBatch: Int64
        let totals: SegmentTotals?
    }

    /// Renderers kept for streams whose batches lie apart.
    static let maximumStreams = 4096
    /// Attempts that are counted; a damaged ledger may claim any number.
    static let maximumAttempts = 1_000_000
    /// Failures of an event that are remembered.
    static let maximumHistory = 20
    /// Bytes of metadata of the streams that are kept.
    static let maximumStreamBytes = 8 << 20
    /// Clients that take turns by their own names; further ones share turns.
    static let maximumClients: Int32 = 100_000

    var core: DeliveryCore
    var recording = RecordingQueue()
    /// What the ledger knew at the start, by segment: it says which events need not be sent again.
    let progress: [UInt64: SegmentProgress]
    /// Events that were refused alone before the start.
    let refused: [EventAddress: EventAttempt]
    /// Requests read and not yet resolved.
    var requests: [RequestID: PackedRequest] = [:]
    private(set) var endedSegments: [UInt64: EndedSegment] = [:]
    private(set) var streams: [StreamKey: Stream] = [:]
    private var streamBytes = 0
    private var clients: [String: Int32] = [:]
    /// Segments that were finished since the start: `progress` does not know them.
    private var finishedSegments: Set<UInt64> = []
    /// The batch of the last dead letter: a page's bad events lie in few batches.
    var lastBuried: StoredBatch?
    /// When segments may be finished again, after a failure.
    var finishNotBefore = Int64.min
    /// Set when the worker can not go on: the spool is of a newer version, or the ledger is gone.
    var fatal: StoreError?
    var lastError: DeliveryError?
    var lastErrorAt: Int64 = 0
    /// Whether it is to say when nothing waits any more.
    var isDraining = false
    /// When it last said how it is, in monotonic nanoseconds.
    var publishedAt = Int64.min / 2

    private var savedMemory: DeliveryMemory?
    private var savedAt = Int64.min
    private var timers: Set<Int64> = []
    private var stopping = false
    private var limiter = LogRateLimiter(interval: .seconds(10))

    init(core: DeliveryCore, progress: [UInt64: SegmentProgress], refused: [EventAddress: EventAttempt]) {
        self.core = core
        self.progress = progress
        self.refused = refused
    }

    /// Whether a stop was asked for and nothing is under way or unrecorded.
    var isFinished: Bool { stopping && core.underWayCount == 0 && recording.isEmpty }

    mutating func stop() {
        stopping = true
        core.stop()
    }

    // MARK: - Reading

    /// The number by which planning knows a client.
    mutating func client(named name: String, source: String) -> Int32 {
        let key = "\(source)\u{0}\(name)"
        if let known = clients[key] { return known }
        let number = min(Int32(clients.count), Self.maximumClients)
        if number < Self.maximumClients { clients[key] = number }
        return number
    }

    mutating func remember(_ key: StreamKey, _ stream: Stream) {
        streamBytes += stream.record.metadata.count
        if streams.count >= Self.maximumStreams || streamBytes > Self.maximumStreamBytes {
            streams.removeAll(keepingCapacity: true)
            streamBytes = stream.record.metadata.count
        }
        streams[key] = stream
    }

    /// Whether this destination needs nothing more of a segment.
    func isDone(with segment: UInt64) -> Bool {
        progress[segment]?.isFinished == true || finishedSegments.contains(segment)
    }

    /// A segment's last batch has been seen.
    mutating func segmentEnded(_ segment: UInt64, lastBatch: Int64, totals: SegmentTotals?) {
        guard progress[segment]?.isFinished != true, !finishedSegments.contains(segment) else { return }
        endedSegments[segment] = EndedSegment(lastBatch: lastBatch, totals: totals)
    }

    mutating func segmentFinished(_ segment: UInt64) {
        endedSegments[segment] = nil
        finishedSegments.insert(segment)
        streams = streams.filter { $0.key.segment != segment }
        core.finished(segment: segment)
    }

    /// Takes a page's requests in, and what it resolves without a delivery.
    mutating func add(_ page: LoadedPage, now: Moment) {
        recording.waiting.resolutions += page.resolved
        let first = core.loaded(page.page, page.requests.map { size(of: $0, now) })
        for (offset, request) in page.requests.enumerated() {
            var request = request
            if let address = request.address, let attempt = refused[address] { request.history = attempt.history }
            requests[first + offset] = request
        }
    }

    private func size(of request: PackedRequest, _ now: Moment) -> RequestSize {
        if request.problem != nil { return RequestSize(messages: 1, isUndeliverable: true) }
        let count = request.request.messages.count
        // The messages and their attributes, which share their page's memory.
        let bytes = Int64(request.messageBytes + count * 256)
        guard count == 1, let address = request.address, let attempt = refused[address] else {
            return RequestSize(messages: count, bytes: bytes)
        }
        // The clock may have been set since: nobody waits longer than the longest pause.
        let wait = min(max(0, attempt.nextTryAt &- now.wall), core.limits.eventCeiling)
        return RequestSize(
            messages: 1, bytes: bytes, attempts: min(max(0, attempt.attempts), Self.maximumAttempts),
            notBefore: now.monotonic &+ wait)
    }

    // MARK: - Sending

    mutating func split(_ id: RequestID, at count: Int, first: RequestID, second: RequestID) {
        guard let request = requests.removeValue(forKey: id) else { return }
        (requests[first], requests[second]) = request.split(at: count)
    }

    mutating func resolve(_ id: RequestID, _ references: DeliveryReferences, at wall: Int64) {
        guard let request = requests.removeValue(forKey: id) else { return }
        recording.waiting.delivered.append(
            DeliveredRequest(at: wall, resolutions: request.resolutions, references: references))
        recording.waiting.resolutions += request.resolutions
        recording.waiting.deliveredBytes += Int64(request.messageBytes)
        if let trace = request.trace {
            recording.waiting.trace = recording.waiting.trace ?? trace
            recording.waiting.traces.add(trace.context)
        }
    }

    /// A failure is part of the story of an event that fails alone.
    mutating func note(_ error: DeliveryError, of id: RequestID, at wall: Int64) {
        lastError = error
        lastErrorAt = wall
        guard requests[id]?.request.messages.count == 1, error.scope == .event || error.scope == .batch else { return }
        let failure = AttemptFailure(at: wall, code: error.code.rawValue, message: error.message)
        let earlier = requests[id]?.history.suffix(Self.maximumHistory - 1) ?? []
        requests[id]?.history = earlier + [failure]
    }

    /// An event was refused alone and is tried again: that is remembered over a restart.
    mutating func noteAttempt(_ id: RequestID, attempts: Int, nextTryAt: Int64, at wall: Int64) {
        guard let request = requests[id], let address = request.address else { return }
        recording.waiting.attempts.append(
            EventAttempt(
                address: address, attempts: attempts, firstFailedAt: request.history.first?.at ?? wall,
                lastFailedAt: wall, nextTryAt: nextTryAt, history: request.history))
    }

    // MARK: - What a restart should know

    private static let saveInterval: Int64 = 1_000_000_000

    /// Puts the state into the next group when it has changed.
    mutating func noteState(_ now: Moment) {
        let memory = core.memory
        let isSwitch = (memory.openUntil == nil) != (savedMemory?.openUntil == nil)
        let isNews =
            isSwitch || memory.failures != (savedMemory?.failures ?? 0)
            || Int(memory.concurrency) != Int(savedMemory?.concurrency ?? memory.concurrency)
        guard isNews, isSwitch || now.monotonic &- savedAt > Self.saveInterval else { return }
        savedMemory = memory
        savedAt = now.monotonic
        recording.waiting.state = state(now)
    }

    /// The state now, as the ledger keeps it.
    func state(_ now: Moment) -> DestinationState {
        let memory = core.memory
        let breaker: DestinationState.Breaker =
            switch core.breaker.state {
            case .closed: .closed
            case .open: .open
            case .halfOpen: .halfOpen
            }
        let pause = max(0, (memory.openUntil ?? .min) &- now.monotonic)
        return DestinationState(
            breaker: breaker, failures: memory.failures,
            openUntil: memory.openUntil.map { $0 == .min ? now.wall : now.wall &+ pause } ?? 0,
            concurrency: memory.concurrency, lastErrorCode: lastError?.code.rawValue ?? "",
            lastErrorMessage: lastError?.message ?? "", lastErrorAt: lastErrorAt, savedAt: now.wall)
    }

    // MARK: - Time and logs

    /// Whether no timer is set for this time or an earlier one.
    mutating func needsTimer(_ time: Int64) -> Bool {
        if let earliest = timers.min(), earliest <= time { return false }
        timers.insert(time)
        return true
    }

    mutating func timerFired(_ time: Int64) { timers.remove(time) }

    mutating func decideLog(_ key: String, now: Int64) -> LogRateLimiter.Decision { limiter.decide(key: key, now: now) }
}
