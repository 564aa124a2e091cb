package import Planning

/// The real core against a simulated spool, ledger and destination, in simulated time. Crashes lose what is not in the ledger.
package struct SimulatedWorld {
    package struct Settings {
        package var limits = DeliveryLimits(maximumInFlight: 4)
        package var eventsPerRequest = 20
        package var batchesPerSegment = 50
        package var recordTime: Int64 = 2_000_000
        package var loadTime: Int64 = 1_000_000
        /// How often the ledger can not record, and the spool can not be read.
        package var diskFailureShare = 0.0
        /// Room for dead letters; nil for enough.
        package var deadLetterRoom: Int?

        package init() {}
    }

    package enum Happening {
        case arrival
        case wake
        case looked(LaneName, after: BatchAddress?, limit: Int, generation: Int)
        case loaded(PageID, [BatchSummary], generation: Int)
        case answered(RequestID, latency: Int64, DeliveryFailure?, generation: Int)
        case recorded(generation: Int)
        case crash
    }

    /// What a wall clock shows at the beginning.
    static let epoch: Int64 = 1_700_000_000_000_000_000

    package var settings: Settings
    package var random: SeededRandom
    package var spool: SimulatedSpool
    package var destination = SimulatedDestination()
    package private(set) var ledger = SimulatedLedger()
    private var timeline = Timeline<Happening>()
    /// Nanoseconds since the beginning.
    package private(set) var now: Int64 = 0
    /// How far the forwarder's wall clock was set forwards or back.
    package var clockError: Int64 = 0
    package private(set) var core: DeliveryCore
    /// The first thing that should never have happened.
    package private(set) var violation: String?
    /// Puts what arrives now into the spool and gives the time of the next arrival; nil when nothing comes any more.
    package var arrive: (inout SimulatedWorld) -> Int64? = { _ in nil }

    // The process' own memory, gone with a crash.
    private var generation = 0
    private var messages: [RequestID: [Message]] = [:]
    private var unrecorded: [Message] = []
    private var isRecording = false
    private var plannedWake: Int64?
    private var lastTaken: [String: BatchAddress] = [:]
    private var pagesSeen: Set<PageID> = []
    private var sentBefore: Set<RequestID> = []
    /// Requests under way, and when they were sent.
    private var unanswered: [RequestID: Int64] = [:]
    private var bornAt: Int64 = 0
    private var successesSinceBirth = 0
    private var retriesSinceBirth = 0

    // What is counted.
    package private(set) var crashes = 0
    package private(set) var sent = 0
    package private(set) var steps = 0
    /// When each event was delivered, by its number.
    package private(set) var deliveredAt: [Int: Int64] = [:]
    /// Events that a crash may make arrive again.
    package private(set) var atRisk = 0

    /// A world in which nothing has happened yet.
    package init(seed: UInt64, settings: Settings = Settings()) {
        self.settings = settings
        random = SeededRandom(seed: seed)
        spool = SimulatedSpool(batchesPerSegment: settings.batchesPerSegment)
        core = DeliveryCore(
            limits: settings.limits, seed: seed, now: Moment(monotonic: 0, wall: Self.epoch))
    }

    package var moment: Moment { Moment(monotonic: now, wall: now &+ Self.epoch &+ clockError) }

    /// Plans a crash of the forwarder, which starts again at once.
    package mutating func planCrash(at time: Int64) { timeline.plan(.crash, at: time) }

    // MARK: - Time

    /// Lets time pass until `end`, or until something was violated.
    package mutating func run(until end: Int64) {
        act()
        while violation == nil, let time = timeline.nextTime, time <= end, let (time, happening) = timeline.next() {
            now = max(now, time)
            handle(happening)
            act()
        }
        now = max(now, end)
    }

    /// Lets time pass until everything is resolved, at most until `end`.
    package mutating func runUntilEmpty(by end: Int64) {
        act()
        while violation == nil, !isEmpty, let time = timeline.nextTime, time <= end,
            let (time, happening) = timeline.next()
        {
            now = max(now, time)
            handle(happening)
            act()
        }
        if violation == nil, !isEmpty {
            violation =
                "not empty in time: \(resolvedCount) of \(spool.eventCount) events, \(core.unresolvedCount) requests, "
                + "\(core.seenAheadCount) batches seen ahead, breaker \(core.breaker.state)"
        }
    }

    package var isEmpty: Bool { resolvedCount == spool.eventCount }
    package var resolvedCount: Int { ledger.delivered.count + ledger.dead.count + ledger.expired.count }

    /// Lets the first events arrive now.
    package mutating func startArrivals() {
        let arrive = arrive
        if let time = arrive(&self) { timeline.plan(.arrival, at: time) }
    }

    // MARK: - What happens

    private mutating func handle(_ happening: Happening) {
        switch happening {
        case .arrival:
            startArrivals()
        case .wake: plannedWake = nil
        case .crash: crash()
        case .looked(let lane, let after, let limit, let generation):
            if generation == self.generation { look(lane, after, limit) }
        case .loaded(let page, let batches, let generation):
            if generation == self.generation { load(page, batches) }
        case .answered(let id, let latency, let failure, let generation):
            if generation == self.generation { answered(id, latency, failure) }
        case .recorded(let generation):
            if generation == self.generation { recorded() }
        }
    }

    private mutating func look(_ lane: LaneName, _ after: BatchAddress?, _ limit: Int) {
        if random.fraction() < settings.diskFailureShare {
            core.lookFailed(lane, retryAt: now + 1_000_000_000)
            return
        }
        guard let after else {
            core.looked(lane, [], through: spool.end, atEnd: true, now: moment)
            return
        }
        let seen = spool.look(after: after, limit: limit)
        let batches = seen.batches.compactMap { address -> BatchSummary? in
            let batch = spool[address]
            let open = batch.events - (ledger.resolved[address]?.count ?? 0)
            guard open > 0 else { return nil }
            return BatchSummary(
                address: address, client: batch.client, events: Int32(open), bytes: batch.bytes,
                receivedAt: batch.receivedAt + Self.epoch)
        }
        core.looked(lane, batches, through: seen.through, atEnd: seen.atEnd, now: moment)
    }

    private mutating func load(_ page: PageID, _ batches: [BatchSummary]) {
        if random.fraction() < settings.diskFailureShare {
            core.loadFailed(page, retryAt: now + 1_000_000_000)
            return
        }
        var packed: [(messages: [Message], size: RequestSize)] = []
        var current: [Message] = []
        for summary in batches {
            let batch = spool[summary.address]
            for event in batch.eventNumbers
            where ledger.resolved[summary.address]?.contains(event) != true {
                let message = Message(address: summary.address, event: event)
                if let attempts = ledger.attempts[event] {
                    packed.append(([message], RequestSize(messages: 1, attempts: attempts, notBefore: now + 1000)))
                } else {
                    current.append(message)
                    if current.count == settings.eventsPerRequest {
                        packed.append((current, RequestSize(messages: current.count)))
                        current = []
                    }
                }
            }
        }
        if !current.isEmpty { packed.append((current, RequestSize(messages: current.count))) }
        let first = core.loaded(page, packed.map(\.size))
        for (offset, request) in packed.enumerated() { messages[first + offset] = request.messages }
    }

    private mutating func answered(_ id: RequestID, _ latency: Int64, _ failure: DeliveryFailure?) {
        unanswered[id] = nil
        if let failure {
            core.failed(id, failure, now: moment)
        } else {
            successesSinceBirth += 1
            core.delivered(id, latency: latency)
            unrecorded += messages.removeValue(forKey: id) ?? []
        }
    }

    private mutating func record() {
        guard !isRecording, !unrecorded.isEmpty else { return }
        isRecording = true
        timeline.plan(.recorded(generation: generation), at: now + settings.recordTime)
    }

    private mutating func recorded() {
        isRecording = false
        if random.fraction() < settings.diskFailureShare {
            core.isRecordingBehind = unrecorded.count > 100
            return
        }
        core.isRecordingBehind = false
        for message in unrecorded {
            if ledger.delivered.insert(message.event).inserted { deliveredAt[message.event] = now }
            ledger.resolve(message)
            ledger.attempts[message.event] = nil
        }
        unrecorded = []
        ledger.memory = core.memory
    }

    private mutating func crash() {
        crashes += 1
        generation += 1
        // Under way or taken, and not recorded: these may be delivered again.
        atRisk += messages.values.reduce(0) { $0 + $1.count } + unrecorded.count
        messages = [:]
        unanswered = [:]
        unrecorded = []
        isRecording = false
        lastTaken = [:]
        pagesSeen = []
        sentBefore = []
        (bornAt, successesSinceBirth, retriesSinceBirth) = (now, 0, 0)
        core = DeliveryCore(
            limits: settings.limits, memory: ledger.memory, seed: random.next(), now: moment)
    }

    // MARK: - What the core wants

    private mutating func act() {
        record()
        var actions = 0
        while violation == nil {
            steps += 1
            actions += 1
            guard actions < 100_000 else {
                violation = "the core never waits"
                return
            }
            let action = core.next(moment)
            switch action {
            case .wait(let until):
                if let until {
                    if until <= now { violation = "waits for a time that has come: \(until) at \(now)" }
                    if plannedWake.map({ until < $0 }) ?? true {
                        timeline.plan(.wake, at: until)
                        plannedWake = until
                    }
                }
                return
            case .look(let lane, let after, let limit):
                timeline.plan(.looked(lane, after: after, limit: limit, generation: generation), at: now)
            case .load(let page, let lane, let batches):
                checkOrder(page, lane, batches)
                timeline.plan(.loaded(page, batches, generation: generation), at: now + settings.loadTime)
            case .expire(let batches): expire(batches)
            case .send(let id): send(id)
            case .split(let id, let middle, let first, let second):
                let all = messages.removeValue(forKey: id) ?? []
                messages[first] = Array(all[..<middle])
                messages[second] = Array(all[middle...])
            case .noteAttempt(let id, let attempts, _):
                if let message = messages[id]?.first { ledger.attempts[message.event] = attempts }
            case .bury(let id, _): bury(id)
            }
            record()
        }
    }

    private mutating func send(_ id: RequestID) {
        guard let request = messages[id] else {
            violation = "sends request \(id), which is not there"
            return
        }
        sent += 1
        if core.underWayCount > settings.limits.concurrency.maximum { violation = "too many requests under way" }
        if core.breaker.state != .closed {
            if core.underWayCount > settings.limits.breaker.probes { violation = "too many probes" }
            let newest = unanswered.values.max() ?? .min / 2
            if now - newest < settings.limits.breaker.probePatience {
                violation = "a probe beside a request that was sent just now"
            }
            if case .open(let until) = core.breaker.state { violation = "sent while open until \(until)" }
        } else if !sentBefore.insert(id).inserted, request.count > 1 {
            retriesSinceBirth += 1
            let budget = settings.limits.budget
            let allowed =
                budget.capacity + budget.share * Double(successesSinceBirth)
                + budget.trickle * Double(now - bornAt) / 1e9 + 1
            if Double(retriesSinceBirth) > allowed { violation = "\(retriesSinceBirth) retries, \(allowed) allowed" }
        }
        unanswered[id] = now
        let answer = destination.answer(request.map(\.event), at: now, using: &random)
        timeline.plan(
            .answered(id, latency: answer.nanoseconds, answer.failure, generation: generation),
            at: now + answer.nanoseconds)
    }

    private mutating func bury(_ id: RequestID) {
        guard let message = messages[id]?.first, messages[id]?.count == 1 else {
            violation = "buries request \(id), which is not one event"
            return
        }
        guard destination.poison.contains(message.event) else {
            violation = "event \(message.event) became a dead letter, and is none"
            return
        }
        if let room = settings.deadLetterRoom, ledger.dead.count >= room {
            core.couldNotBury(id, now: moment)
            return
        }
        messages[id] = nil
        ledger.dead.insert(message.event)
        ledger.resolve(message)
        ledger.attempts[message.event] = nil
        core.buried(id)
    }

    private mutating func expire(_ batches: [BatchSummary]) {
        if core.isPaused || core.isRecordingBehind { violation = "something expires while it must not" }
        if random.fraction() < settings.diskFailureShare {
            core.expireFailed(batches, retryAt: now + 1_000_000_000)
            return
        }
        for summary in batches {
            guard let age = settings.limits.maximumAge, moment.wall - summary.receivedAt > age else {
                violation = "a young batch expires"
                return
            }
            let batch = spool[summary.address]
            for event in batch.eventNumbers
            where ledger.resolved[summary.address]?.contains(event) != true {
                ledger.expired.insert(event)
                ledger.resolve(Message(address: summary.address, event: event))
            }
        }
    }

    /// Oldest first for each client, in each lane.
    private mutating func checkOrder(_ page: PageID, _ lane: LaneName, _ batches: [BatchSummary]) {
        // Read again after a failure.
        guard pagesSeen.insert(page).inserted else { return }
        for batch in batches {
            let key = "\(lane.rawValue) \(batch.client)"
            if let last = lastTaken[key], last >= batch.address {
                violation =
                    "client \(batch.client) is out of order in lane \(lane.rawValue): \(batch.address) after \(last)"
            }
            lastTaken[key] = batch.address
        }
    }

    // MARK: - The end

    /// What must hold once everything is resolved.
    package mutating func checkEnd() {
        guard violation == nil else { return }
        for event in 0..<spool.eventCount {
            let isPoison = destination.poison.contains(event)
            let states = [
                ledger.delivered.contains(event), ledger.dead.contains(event), ledger.expired.contains(event),
            ]
            guard states.count(where: { $0 }) == 1 else {
                violation = "event \(event) is \(states) (delivered, dead, expired)"
                return
            }
            if ledger.delivered.contains(event), destination.taken[event] == nil {
                violation = "event \(event) counts as delivered and never arrived"
            }
            if ledger.dead.contains(event) != (isPoison && !ledger.expired.contains(event)) {
                violation = "event \(event): dead \(ledger.dead.contains(event)), poison \(isPoison)"
            }
        }
    }

    /// Events that arrived more than once.
    package var duplicates: Int { destination.taken.values.count { $0 > 1 } }
}
