internal import Contract
internal import Logging
internal import Planning
internal import Runtime
internal import ServiceLifecycle
internal import Store

/// Sends again what operators ordered: dead letters, and times of the past. Beside the destination's worker, one request at a
/// time, so that it never takes more than a small share of the destination.
struct ReplayWorker<Target: Destination>: Service {
    /// How often it looks for orders.
    static var interval: Duration { .seconds(1) }
    /// Dead letters that are sent in one request.
    static var lettersAtOnce: Int { 16 }

    let destination: Target
    let identifier: DestinationID
    let reader: SpoolReader
    let ledger: DeliveryLedger
    let metrics: DeliveryMetrics
    let logger: Logger
    /// Most events a second, whatever an order says; 0 without a limit.
    var maximumRate = Reloadable<Double>(0)

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var state = ReplayState()
            var expireAt = Int64.min
            while !Task.isCancelled {
                if WallClock.monotonic() >= expireAt {
                    await expireLetters(&state)
                    expireAt = WallClock.monotonic() &+ Self.expiryInterval
                }
                let didSomething = await work(&state)
                let now = WallClock.monotonic()
                let wait =
                    didSomething
                    ? state.breakerWait(now: now)
                    : state.idleWait(now: now, atMost: Int64(Self.interval / .nanoseconds(1)))
                if wait > 0 { try await Task.sleep(for: .nanoseconds(wait)) }
            }
        }
    }

    /// - Returns: whether there was something to send, and it went.
    private func work(_ state: inout ReplayState) async -> Bool {
        do throws(StoreError) {
            if try await ledger.state(of: identifier)?.isPaused == true { return false }
            if try await sendLetters(&state) { return true }
            return try await sendPast(&state)
        } catch {
            guard case .emit = state.limiter.decide(key: error.code.description, now: WallClock.monotonic()) else {
                return false
            }
            logger.error(
                "what is to be sent again can not be read or recorded; trying again",
                metadata: ["destination": "\(destination.name)", "error": "\(error)"])
            return false
        }
    }

    // MARK: - Dead letters

    private static var expiryInterval: Int64 { 60_000_000_000 }

    /// Where dead letters may go, those that are too old do.
    private func expireLetters(_ state: inout ReplayState) async {
        do throws(StoreError) {
            let count = try await ledger.expireDeadLetters(of: identifier)
            guard count > 0 else { return }
            logger.warning(
                "dead letters have expired", metadata: ["destination": "\(destination.name)", "events": "\(count)"])
        } catch {
            guard case .emit = state.limiter.decide(key: "expire", now: WallClock.monotonic()) else { return }
            logger.error(
                "dead letters that are too old can not be let go yet",
                metadata: ["destination": "\(destination.name)", "error": "\(error)"])
        }
    }

    private func sendLetters(_ state: inout ReplayState) async throws(StoreError) -> Bool {
        let letters = try await ledger.nextReplays(of: identifier, limit: Self.lettersAtOnce)
        guard !letters.isEmpty else {
            // Taken back, or all sent: what is ordered next has a pace of its own.
            state.letterPacer = ReplayPacer()
            return false
        }
        guard state.letterPacer.delay(now: WallClock.monotonic()) == 0 else { return false }
        var arena = MessageArena()
        var rendered: [(letter: DeadLetter, message: Int)] = []
        var outcomes: [ReplayOutcome] = []
        for letter in letters {
            guard case .letter(let number) = letter.id else { continue }
            do throws(RenderError) {
                try Self.render(letter.bytes, of: letter.stream, mark: ReplayMark.letter(number), into: &arena)
                rendered.append((letter, arena.messages.count - 1))
            } catch {
                outcomes.append(Self.failure(number, code: error.code.rawValue, message: error.message))
            }
        }
        var sent = 0
        for part in Self.parts(of: arena, at: destination) {
            let results = await deliver(DeliveryRequest(arena: arena, messages: part), &state)
            for (message, result) in zip(part, results) {
                guard let letter = rendered.first(where: { $0.message == message })?.letter,
                    case .letter(let number) = letter.id
                else { continue }
                switch result {
                case .delivered: outcomes.append(ReplayOutcome(letter: number))
                case .refused(let error):
                    outcomes.append(Self.failure(number, code: error.code.rawValue, message: error.message))
                case .later: continue
                }
                sent += 1
            }
        }
        try await ledger.record(DeliveryRecord(replays: outcomes), at: identifier)
        state.letterPacer.sent(
            sent, rate: rate(try await ledger.replayRate(of: identifier)), now: WallClock.monotonic())
        return !outcomes.isEmpty
    }

    static func render(
        _ event: [UInt8], of stream: StreamRecord, mark: String, into arena: inout MessageArena
    ) throws(RenderError) {
        var renderer = try renderer(of: stream)
        try render(event, by: &renderer, mark: mark, into: &arena)
    }

    static func renderer(of stream: StreamRecord) throws(RenderError) -> MessageRenderer {
        try MessageRenderer(
            metadata: stream.metadata, migratesLegacyMetadata: stream.origin != .unary, traceparent: stream.traceparent)
    }

    static func render(
        _ event: [UInt8], by renderer: inout MessageRenderer, mark: String, into arena: inout MessageArena
    ) throws(RenderError) {
        try event.withUnsafeBufferPointer { (bytes) throws(RenderError) in
            try renderer.render(event: UnsafeRawBufferPointer(bytes), into: &arena)
        }
        arena.addToLast(attribute: ReplayMark.attribute, value: mark)
    }

    private static func failure(_ number: Int64, code: String, message: String) -> ReplayOutcome {
        ReplayOutcome(letter: number, failure: AttemptFailure(at: WallClock.now(), code: code, message: message))
    }

    /// The lower of the rate that was ordered and the one that is set; 0 without either.
    func rate(_ ordered: Double) -> Double { ReplayPacer.lower(ordered, maximumRate.value) }

    // MARK: - Sending

    /// What became of one message.
    enum Result {
        case delivered
        /// The destination will not take it.
        case refused(DeliveryError)
        /// Nothing can be delivered now.
        case later
    }

    /// The messages of an arena in runs that the destination takes in one request.
    static func parts(of arena: MessageArena, at destination: Target) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var first = 0
        var size = 0
        for index in arena.messages.indices {
            let own = destination.encodedSize(of: arena.messages[index], in: arena)
            let count = index - first
            if count > 0, count == destination.limits.maximumMessages || size + own > destination.limits.maximumBytes {
                parts.append(first..<index)
                (first, size) = (index, 0)
            }
            size += own
        }
        if first < arena.messages.count { parts.append(first..<arena.messages.count) }
        return parts
    }

    /// Delivers messages; a refused request is tried in halves.
    /// - Returns: a result for each message, in order.
    func deliver(_ request: DeliveryRequest, _ state: inout ReplayState) async -> [Result] {
        let count = request.messages.count
        let now = WallClock.monotonic()
        guard count > 0, state.breaker.allows(underWay: 0, lastSentAt: nil, now: now) else {
            return Array(repeating: .later, count: count)
        }
        if count == 1,
            let problem = destination.problem(
                with: request.arena.messages[request.messages.lowerBound], in: request.arena)
        {
            return [.refused(problem)]
        }
        do throws(DeliveryError) {
            _ = try await destination.deliver(request)
            _ = state.breaker.succeeded()
            metrics.replayed(count)
            return Array(repeating: .delivered, count: count)
        } catch {
            metrics.failed(reason: error.code.rawValue)
            guard error.scope == .event || error.scope == .batch else {
                _ = state.breaker.failed(
                    opensAtOnce: !error.isRetriable, retryAfter: DeliveryFailure(error).retryAfter,
                    now: WallClock.monotonic(), fraction: Double.random(in: 0..<1))
                return Array(repeating: .later, count: count)
            }
            _ = state.breaker.succeeded()
            guard count > 1 else { return [.refused(error)] }
            let middle = request.messages.lowerBound + count / 2
            let left = await deliver(
                DeliveryRequest(arena: request.arena, messages: request.messages.lowerBound..<middle), &state)
            return left
                + (await deliver(
                    DeliveryRequest(arena: request.arena, messages: middle..<request.messages.upperBound), &state))
        }
    }
}
