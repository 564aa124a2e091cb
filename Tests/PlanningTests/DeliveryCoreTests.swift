import Testing

@testable import Planning

/// Single decisions of the core; the simulation has the long stories.
@Suite struct DeliveryCoreTests {
    private static let second: Int64 = 1_000_000_000
    private static let refusal = DeliveryFailure(scope: .batch, isRetriable: false)

    private func moment(_ seconds: Double) -> Moment {
        Moment(monotonic: Int64(seconds * 1e9), wall: Int64(seconds * 1e9) + 1_700_000_000 * Self.second)
    }

    private func core(_ change: (inout DeliveryLimits) -> Void = { _ in }, memory: DeliveryMemory? = nil)
        -> DeliveryCore
    {
        var limits = DeliveryLimits(maximumInFlight: 4)
        change(&limits)
        return DeliveryCore(limits: limits, memory: memory, seed: 1, now: moment(0))
    }

    /// Gives the core one page with these requests, and returns their numbers.
    private func load(_ core: inout DeliveryCore, _ sizes: [RequestSize], at seconds: Double = 0) throws -> [RequestID]
    {
        let address = BatchAddress(segment: 1, batch: Int64(core.nextPage) + 1)
        let now = moment(seconds)
        core.looked(
            .backlog, [BatchSummary(address: address, client: 1, events: 1, bytes: 1, receivedAt: now.wall)],
            through: address, atEnd: true, now: now)
        for _ in 0..<10 {
            if case .load(let page, _, _) = core.next(now) {
                let first = core.loaded(page, sizes)
                return Array(first..<first + sizes.count)
            }
        }
        throw Missing()
    }

    private struct Missing: Error {}

    /// The next action that is not a look.
    private func next(_ core: inout DeliveryCore, at seconds: Double) -> DeliveryAction {
        while true {
            let action = core.next(moment(seconds))
            guard case .look = action else { return action }
        }
    }

    @Test func aRefusedRequestIsCutInTwoUntilThePoisonIsAlone() throws {
        var core = core { $0.attempts = 1 }
        let id = try load(&core, [RequestSize(messages: 8)])[0]
        var sizes = [id: 0..<8]
        var sent = 0
        var dead: Range<Int>?
        var seconds = 0.0
        while sent < 50, dead == nil {
            seconds += 0.001
            switch next(&core, at: seconds) {
            case .send(let request):
                sent += 1
                if sizes[request]?.contains(5) == true {
                    core.failed(request, Self.refusal, now: moment(seconds))
                } else {
                    core.delivered(request, latency: 1)
                }
            case .split(let request, let middle, let first, let second):
                let removed = sizes.removeValue(forKey: request)
                let range = try #require(removed)
                sizes[first] = range.lowerBound..<range.lowerBound + middle
                sizes[second] = range.lowerBound + middle..<range.upperBound
            case .bury(let request, let attempts):
                dead = sizes[request]
                #expect(attempts >= 1)
                core.buried(request)
            case .noteAttempt: break
            case .wait(let until): seconds = until.map { Double($0) / 1e9 } ?? seconds + 60
            default: Issue.record("unexpected")
            }
        }
        #expect(dead == 5..<6)
        #expect(sent < 30)
    }

    @Test(arguments: [DeliveryFailure.Scope.destination, .local], [true, false])
    func anOutageNeverCountsAgainstAnEvent(_ scope: DeliveryFailure.Scope, _ isRetriable: Bool) throws {
        var core = core()
        _ = try load(&core, [RequestSize(messages: 1)])
        var seconds = 0.0
        var sends = 0
        while seconds < 3600 {
            switch next(&core, at: seconds) {
            case .send(let id):
                sends += 1
                core.failed(id, DeliveryFailure(scope: scope, isRetriable: isRetriable), now: moment(seconds))
            case .wait(let until): seconds = max(seconds + 0.001, until.map { Double($0) / 1e9 } ?? seconds + 60)
            case let other:
                Issue.record("\(other)")
                return
            }
        }
        #expect(sends > 100, "it goes on trying")
        #expect(sends < 1000, "politely")
    }

    @Test func withoutProofThatTheDestinationTakesAnythingNothingIsADeadLetter() throws {
        var core = core { $0.patience = 3600 * Self.second }
        let start = 1800.0
        let sizes = [RequestSize(messages: 1), RequestSize(messages: 1, notBefore: Int64(start) * Self.second)]
        let good = try load(&core, sizes)[1]
        var seconds = 0.0
        while seconds < start {
            switch next(&core, at: seconds) {
            case .send(good):
                // A probe: the destination refuses everything for now.
                core.failed(good, DeliveryFailure(scope: .destination, isRetriable: true), now: moment(seconds))
            case .send(let id): core.failed(id, Self.refusal, now: moment(seconds))
            case .wait(let until): seconds = max(seconds + 0.001, until.map { Double($0) / 1e9 } ?? seconds + 60)
            case .bury:
                Issue.record("buried after \(seconds) s")
                return
            default: break
            }
        }
        // It takes something else: now the refusals are the event's.
        var buried = false
        for _ in 0..<1000 where !buried {
            switch next(&core, at: seconds) {
            case .send(good): core.delivered(good, latency: 1)
            case .send(let id): core.failed(id, Self.refusal, now: moment(seconds))
            case .wait(let until): seconds = max(seconds + 0.001, until.map { Double($0) / 1e9 } ?? seconds + 60)
            case .bury: buried = true
            default: break
            }
        }
        #expect(buried)
    }

    @Test func withoutRoomForDeadLettersEverythingWaits() throws {
        var core = core()
        let id = try load(&core, [RequestSize(messages: 1, isUndeliverable: true), RequestSize(messages: 3)])[0]
        #expect(next(&core, at: 0) == .bury(id, attempts: 0))
        core.couldNotBury(id, now: moment(0))
        #expect(core.isHeldByDeadLetters)
        guard case .wait = next(&core, at: 1) else {
            Issue.record("it sends while a dead letter waits for room")
            return
        }
        #expect(next(&core, at: 6) == .bury(id, attempts: 0))
        // Nothing slips through while it is tried.
        guard case .wait = next(&core, at: 6) else {
            Issue.record("it sends while it is not known whether there is room")
            return
        }
        core.couldNotBury(id, now: moment(6))
        core.roomForDeadLetters()
        #expect(next(&core, at: 6) == .bury(id, attempts: 0))
        core.buried(id)
        #expect(!core.isHeldByDeadLetters)
        #expect(next(&core, at: 6) == .send(id + 1))
    }

    @Test func whatWasLearntSurvivesARestart() throws {
        var core = core()
        let ids = try load(&core, [RequestSize(messages: 1), RequestSize(messages: 1)])
        #expect(next(&core, at: 0) == .send(ids[0]))
        core.failed(ids[0], DeliveryFailure(scope: .destination, isRetriable: false), now: moment(0))
        let memory = core.memory
        #expect(memory.openUntil != nil && memory.failures == 1)
        var next = DeliveryCore(limits: core.limits, memory: memory, seed: 2, now: moment(0))
        guard case .open = next.breaker.state else {
            Issue.record("\(next.breaker.state)")
            return
        }
        _ = try load(&next, [RequestSize(messages: 1)])
        guard case .wait = self.next(&next, at: 0) else {
            Issue.record("it sends at once")
            return
        }
    }

    @Test func attemptsOfAProcessBeforeCount() throws {
        var core = core { $0.attempts = 3 }
        let ids = try load(
            &core, [RequestSize(messages: 1, attempts: 2, notBefore: 5 * Self.second), RequestSize(messages: 1)])
        #expect(next(&core, at: 0) == .send(ids[1]))
        #expect(next(&core, at: 5) == .send(ids[0]))
        core.failed(ids[0], Self.refusal, now: moment(5))
        #expect(next(&core, at: 5) == .noteAttempt(ids[0], attempts: 3, delay: core.retries[ids[0]]! - 5 * Self.second))
    }

    @Test func aPausedDestinationIsLeftAlone() throws {
        var core = core()
        _ = try load(&core, [RequestSize(messages: 1)])
        core.isPaused = true
        #expect(next(&core, at: 1) == .wait(until: nil))
        core.isPaused = false
        guard case .send = next(&core, at: 1) else {
            Issue.record("it does not go on")
            return
        }
    }

    @Test func newEventsGoBesideABacklog() {
        var core = core { $0.pageBytes = 1000 }
        let old = moment(0).wall
        let batches = (1...50).map {
            BatchSummary(
                address: BatchAddress(segment: 1, batch: $0), client: 1, events: 1, bytes: 1000, receivedAt: old)
        }
        let now = moment(3600)
        core.looked(.backlog, batches, through: batches[49].address, atEnd: true, now: now)
        // The first page shows how old it is; then the fresh lane finds the end and what comes after it.
        var fresh = 0
        var backlog = 0
        var number: Int64 = 50
        for _ in 0..<60 {
            switch core.next(now) {
            case .look(.fresh, nil, _):
                core.looked(.fresh, [], through: BatchAddress(segment: 1, batch: number), atEnd: false, now: now)
            case .look(.fresh, _, _):
                number += 1
                let batch = BatchSummary(
                    address: BatchAddress(segment: 1, batch: number), client: 2, events: 1, bytes: 1000,
                    receivedAt: now.wall)
                core.looked(.fresh, [batch], through: batch.address, atEnd: false, now: now)
            case .load(let page, .fresh, _):
                fresh += 1
                _ = core.loaded(page, [])
            case .load(let page, .backlog, _):
                backlog += 1
                _ = core.loaded(page, [])
            default: break
            }
        }
        #expect(fresh > 0 && backlog > fresh, "\(fresh) fresh pages, \(backlog) of the backlog")
        #expect(Double(fresh) / Double(fresh + backlog) > 0.15)
    }

    @Test func eventsThatAreTooOldExpire() {
        var core = core { $0.maximumAge = 60 * Self.second }
        let batch = BatchSummary(
            address: BatchAddress(segment: 1, batch: 1), client: 1, events: 3, bytes: 10, receivedAt: moment(0).wall)
        core.looked(.backlog, [batch], through: batch.address, atEnd: true, now: moment(100))
        #expect(next(&core, at: 100) == .expire([batch]))
    }

    /// Half an hour later, by the clock, or an hour before: whatever it says, delivery goes on.
    @Test(arguments: [-3600.0, 3600]) func aClockThatIsSetStopsNothing(_ shift: Double) throws {
        var core = core()
        let ids = try load(&core, [RequestSize(messages: 1)])
        var now = moment(1)
        now.wall += Int64(shift * 1e9)
        #expect(core.next(now) == .send(ids[0]))
    }

    /// Pages of three requests each until no more is read; what is sent stays under way.
    private func readUntilFull(_ core: inout DeliveryCore, bytes: Int64) throws -> (read: Int, sent: [RequestID]) {
        let batches = (1...100).map {
            BatchSummary(
                address: BatchAddress(segment: 1, batch: $0), client: 1, events: 3, bytes: bytes,
                receivedAt: moment(0).wall)
        }
        core.looked(
            .backlog, batches, through: BatchAddress(segment: 1, batch: 100), atEnd: true, now: moment(0))
        var (read, sent): (Int, [RequestID]) = (0, [])
        for _ in 0..<1000 {
            switch next(&core, at: 0) {
            case .load(let page, _, let taken):
                #expect(taken.count == 1)
                _ = core.loaded(page, Array(repeating: RequestSize(messages: 1, bytes: bytes / 3), count: 3))
                read += 3
            case .send(let id): sent.append(id)
            case .wait: return (read, sent)
            case let other: Issue.record("\(other)")
            }
        }
        throw Missing()
    }

    @Test func readingStopsAtTheUnresolvedRequestsAndGoesOnAsTheyAreResolved() throws {
        var core = core {
            $0.unresolved = 8
            $0.buffered = 1000
            $0.pageBytes = 1
        }
        let first = try readUntilFull(&core, bytes: 3)
        #expect(first.read == 9, "one page more than the last one below the bound")
        #expect(core.unresolvedCount == 9)
        for id in first.sent.prefix(1) { core.delivered(id, latency: 1) }
        guard case .send = next(&core, at: 0.1) else { throw Missing() }
        #expect(core.unresolvedCount == 8)
        guard case .wait = next(&core, at: 0.1) else {
            Issue.record("at the bound nothing is read")
            return
        }
        core.delivered(first.sent[1], latency: 1)
        guard case .send = next(&core, at: 0.2) else { throw Missing() }
        guard case .load = next(&core, at: 0.2) else {
            Issue.record("below the bound reading goes on")
            return
        }
    }

    @Test func readingStopsAtTheBytesThatAreHeld() throws {
        var core = core {
            $0.heldBytes = 1000
            $0.buffered = 1000
            $0.pageBytes = 1
        }
        #expect(try readUntilFull(&core, bytes: 300).read == 12)
        #expect(core.heldBytes == 1200, "by one page at most above the bound")
    }

    @Test func eventsThatWaitAloneDoNotKeepOthersFromBeingRead() throws {
        var core = core {
            $0.unresolved = 3
            $0.isolated = 5
            $0.buffered = 1000
        }
        let sizes = (0..<4).map { _ in RequestSize(messages: 1, attempts: 1, notBefore: moment(3600).monotonic) }
        _ = try load(&core, sizes)
        _ = try load(&core, [RequestSize(messages: 1, attempts: 1, notBefore: moment(3600).monotonic)])
        #expect(core.unresolvedCount == 5)
        #expect(throws: Missing.self, "five that wait alone are the bound") { try self.load(&core, sizes) }
    }

    /// A core whose destination is away, with one batch for each age in seconds seen ahead; it can begin no page.
    private func coreOfAnOutage(ages: [Double], client: (Int) -> Int32 = { _ in 1 }) throws -> DeliveryCore {
        var core = core {
            $0.buffered = 1
            $0.maximumAge = 100 * Self.second
            $0.breaker.base = 3600 * Self.second
            $0.breaker.minimumPause = 3600 * Self.second
            $0.breaker.ceiling = 7200 * Self.second
            // So that nothing but the backlog is looked at.
            $0.freshShare = 0
        }
        let ids = try load(&core, [RequestSize(messages: 1), RequestSize(messages: 1)])
        guard case .send(let id) = next(&core, at: 0) else { throw Missing() }
        #expect(ids.contains(id))
        core.failed(id, DeliveryFailure(scope: .destination, isRetriable: false), now: moment(0))
        let batches = ages.enumerated().map { index, age in
            BatchSummary(
                address: BatchAddress(segment: 2, batch: Int64(index) + 1), client: client(index), events: 1, bytes: 1,
                receivedAt: moment(0).wall - Int64(age * 1e9))
        }
        core.looked(
            .backlog, batches, through: BatchAddress(segment: 2, batch: Int64(ages.count)), atEnd: true, now: moment(0))
        return core
    }

    private func expired(_ core: inout DeliveryCore, at seconds: Double) -> [Int64]? {
        guard case .expire(let batches) = next(&core, at: seconds) else { return nil }
        return batches.map(\.address.batch)
    }

    @Test func whatIsTooOldGoesWhileTheDestinationIsAway() throws {
        var core = try coreOfAnOutage(ages: [200, 150, 90, 50])
        #expect(expired(&core, at: 1) == [1, 2])
        #expect(expired(&core, at: 1) == nil, "the young ones stay")
        #expect(expired(&core, at: 12) == [3])
        guard case .wait(let until?) = next(&core, at: 12) else {
            Issue.record("it must wake up for the last one")
            return
        }
        #expect(until > Int64(12e9))
        #expect(expired(&core, at: 51) == [4])
        #expect(core.seenAheadCount == 0)
    }

    @Test func whileAnOperatorPausesNothingExpires() throws {
        var core = try coreOfAnOutage(ages: [200])
        core.isPaused = true
        #expect(expired(&core, at: 1) == nil)
        core.isPaused = false
        core.isRecordingBehind = true
        #expect(expired(&core, at: 2) == nil, "nor what can not be recorded")
        core.isRecordingBehind = false
        #expect(expired(&core, at: 3) == [1])
    }

    @Test func whatCouldNotExpireIsTriedAgain() throws {
        var core = try coreOfAnOutage(ages: [200])
        guard case .expire(let batches) = next(&core, at: 1) else { throw Missing() }
        core.expireFailed(batches, retryAt: moment(2).monotonic)
        #expect(!core.isIdle)
        #expect(next(&core, at: 1) == .wait(until: moment(2).monotonic))
        #expect(next(&core, at: 2) == .expire(batches))
    }

    @Test func eachClientsOldBatchesGo() throws {
        var core = try coreOfAnOutage(ages: [200, 10, 200, 200]) { [1, 1, 2, 3][$0] }
        #expect(expired(&core, at: 1) == [1, 3, 4])
        #expect(core.seenAheadCount == 1)
    }
}
