internal import Contract
internal import Runtime
internal import Store

/// What one destination's worker remembers while it runs. A value without I/O; the worker's loop owns it.
struct WorkerSession {
    struct StreamKey: Hashable {
        let segment: UInt64
        let stream: Int64
    }

    /// A segment of which the last batch has been read.
    struct EndedSegment {
        let lastBatch: Int64
        let totals: SegmentTotals?
    }

    /// Renderers kept for streams whose batches lie apart.
    static let maximumStreams = 4096

    var planner: DeliveryPlanner
    /// What the ledger knew at the start, by segment: it says which events need not be sent again.
    let progress: [UInt64: SegmentProgress]
    /// Requests read and not yet delivered.
    private(set) var requests: [DeliveryPlanner.RequestID: PackedRequest] = [:]
    /// Where the next page begins.
    private(set) var position = SpoolPosition.start
    private(set) var endedSegments: [UInt64: EndedSegment] = [:]
    private(set) var streams: [StreamKey: (record: StreamRecord, renderer: MessageRenderer)] = [:]
    /// Set when the spool can not be read by this version at all.
    var readFailure: StoreError?

    private var nextRequest = 0
    private var resolutions: [Resolution] = []
    private var resolvedBytes: Int64 = 0
    private var isRecording = false
    private var recordNotBefore = Int64.min
    private var timers: Set<Int64> = []
    private var stopping = false
    private var limiter = LogRateLimiter(interval: .seconds(10))

    init(progress: [UInt64: SegmentProgress], planner: DeliveryPlanner) {
        self.progress = progress
        self.planner = planner
    }

    /// Whether a stop was asked for and nothing is under way or unrecorded.
    var isFinished: Bool { stopping && planner.inFlightCount == 0 && !isRecording && resolutions.isEmpty }

    mutating func stop() {
        stopping = true
        planner.stop()
    }

    // MARK: - Reading

    /// Whether the next page is a segment's first: then `enter` says which segment and from where.
    var isBetweenSegments: Bool { position.batch == 0 }

    /// Goes to the oldest segment that this destination has not finished.
    ///
    /// Each segment on disk is asked for by its own entry in the ledger: requests finish out of order, so a newer
    /// segment may have an entry while an older one has none yet.
    /// - Parameter numbers: the segments on disk that are not closed, oldest first.
    /// - Returns: whether there is one.
    @discardableResult
    mutating func enter(_ numbers: [UInt64]) -> Bool {
        let next = numbers.first { $0 >= position.segment && progress[$0]?.isFinished != true }
        guard let next else { return false }
        position = SpoolPosition(segment: next, batch: progress[next]?.throughBatch ?? 0)
        return true
    }

    mutating func advance(_ page: SpoolPage) {
        position = page.position
        guard case .segmentFinished(let totals) = page.end, let segment = page.segment else { return }
        endedSegments[segment] = EndedSegment(lastBatch: page.position.batch, totals: totals)
        position = SpoolPosition(segment: segment + 1, batch: 0)
        streams = streams.filter { $0.key.segment > segment }
    }

    mutating func remember(_ key: StreamKey, _ record: StreamRecord, _ renderer: MessageRenderer) {
        if streams.count >= Self.maximumStreams { streams.removeAll(keepingCapacity: true) }
        streams[key] = (record, renderer)
    }

    /// Takes a page's requests in, and what it resolves without a delivery.
    mutating func add(_ page: RenderedPage) {
        var identifiers: [DeliveryPlanner.RequestID] = []
        for request in page.requests {
            requests[nextRequest] = request
            identifiers.append(nextRequest)
            nextRequest += 1
        }
        resolutions += page.resolved
        planner.pageArrived(identifiers, caughtUp: false, now: WallClock.monotonic())
    }

    mutating func segmentFinished(_ segment: UInt64) { endedSegments[segment] = nil }

    // MARK: - Delivered

    mutating func resolve(_ id: DeliveryPlanner.RequestID) {
        guard let request = requests.removeValue(forKey: id) else { return }
        resolutions += request.resolutions
        resolvedBytes += Int64(request.messageBytes)
    }

    /// Whether there is something to record and nothing is being recorded: one group at a time, as large as it has grown.
    mutating func beginRecording(now: Int64) -> Bool {
        guard !isRecording, !resolutions.isEmpty, now >= recordNotBefore else { return false }
        isRecording = true
        return true
    }

    mutating func takeRecording() -> ([Resolution], Int64) {
        defer {
            resolutions = []
            resolvedBytes = 0
        }
        return (resolutions, resolvedBytes)
    }

    mutating func recordingEnded() { isRecording = false }

    mutating func putBack(_ unrecorded: [Resolution], bytes: Int64, retryAt: Int64) {
        resolutions = unrecorded + resolutions
        resolvedBytes += bytes
        recordNotBefore = retryAt
    }

    /// When recording is to be tried again; nil when nothing waits for it.
    var recordAt: Int64? { resolutions.isEmpty || isRecording ? nil : recordNotBefore }

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
