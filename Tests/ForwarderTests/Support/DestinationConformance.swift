import Contract
import Forwarder
import Testing

/// A destination under test together with a way to see what has arrived there.
protocol ConformanceTarget: Sendable {
    var destination: any Destination { get }

    /// Whether messages can be read back in the order in which they were delivered.
    var keepsOrder: Bool { get }

    /// From now on the other side fails like this, or no more. False where it can not be made to.
    func setFailure(_ failure: ConformanceFailure?) -> Bool

    /// Ends the destination and gives everything that has arrived. `expected` is how many messages should be there.
    func finish(expecting expected: Int) async throws -> [ReceivedMessage]
}

extension ConformanceTarget {
    func setFailure(_ failure: ConformanceFailure?) -> Bool { false }
}

/// How the other side of a destination fails.
enum ConformanceFailure: Sendable, CaseIterable {
    /// It can not now.
    case unavailable
    /// It refuses what was sent.
    case refused
    /// It does not know us.
    case unauthenticated

    var scope: DeliveryError.Scope { self == .refused ? .batch : .destination }
}

/// What every destination promises, whatever it is. Each function wants a fresh target.
enum DestinationConformance {
    static func messagesArriveIntact(_ target: some ConformanceTarget) async throws {
        let messages = TestMessage.awkward() + (0..<50).map { TestMessage.numbered($0) }
        let receipt = try await target.destination.deliver(DeliveryRequest(messages))
        #expect(receipt.messages == messages.count)
        #expect(receipt.bytes > 0)
        try await expect(messages, at: target)
    }

    static func onlyTheRangeIsDelivered(_ target: some ConformanceTarget) async throws {
        let messages = (0..<10).map { TestMessage.numbered($0) }
        let all = DeliveryRequest(messages)
        let receipt = try await target.destination.deliver(DeliveryRequest(arena: all.arena, messages: 3..<7))
        #expect(receipt.messages == 4)
        try await expect(Array(messages[3..<7]), at: target)
    }

    static func manyDeliveriesAtOnceAllArrive(_ target: some ConformanceTarget) async throws {
        let deliveries = 40
        let perDelivery = 25
        let destination = target.destination
        // As the forwarder does: never more at once than the destination allows.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<deliveries {
                if number >= destination.limits.maximumInFlight { try await group.next() }
                let first = number * perDelivery
                let messages = (first..<first + perDelivery).map { TestMessage.numbered($0) }
                group.addTask { _ = try await destination.deliver(DeliveryRequest(messages)) }
            }
            try await group.waitForAll()
        }
        let received = try await target.finish(expecting: deliveries * perDelivery)
        let expected = try (0..<deliveries * perDelivery).map { try ReceivedMessage(.numbered($0)) }
        #expect(received.sorted() == expected.sorted())
        guard target.keepsOrder else { return }
        // Deliveries may come in any order, the messages of one stay together.
        for start in stride(from: 0, to: received.count, by: perDelivery) {
            let group = Array(received[start..<start + perDelivery])
            let first = try #require(expected.firstIndex(of: group[0]))
            #expect(Array(expected[first..<first + perDelivery]) == group)
        }
    }

    static func theLargestRequestIsTaken(_ target: some ConformanceTarget) async throws {
        let limits = target.destination.limits
        let messages = messagesFilling(limits.maximumBytes, count: limits.maximumMessages, target.destination)
        let request = DeliveryRequest(messages)
        #expect(size(of: request, target.destination) == limits.maximumBytes)
        _ = try await target.destination.deliver(request)
        try await expect(messages, at: target)
    }

    static func whatIsTooLargeIsRefusedUnsent(_ target: some ConformanceTarget) async throws {
        let destination = target.destination
        let limits = destination.limits
        let tooMany = DeliveryRequest((0...limits.maximumMessages).map { TestMessage.numbered($0) })
        try await expectRefusal(of: tooMany, by: destination, scope: .batch)
        let tooLarge = DeliveryRequest(messagesFilling(limits.maximumBytes + 1, count: 2, destination))
        #expect(size(of: tooLarge, destination) == limits.maximumBytes + 1)
        try await expectRefusal(of: tooLarge, by: destination, scope: .batch)
        let alone = DeliveryRequest(messagesFilling(limits.maximumMessageBytes + 1, count: 1, destination))
        let problem = destination.problem(with: alone.arena.messages[0], in: alone.arena)
        #expect(problem?.code == .oversized)
        #expect(problem?.scope == .event)
        let small = DeliveryRequest([.numbered(7)])
        #expect(destination.problem(with: small.arena.messages[0], in: small.arena) == nil)
        try await expectRefusal(of: alone, by: destination, scope: .event)
        // What is there afterwards was delivered afterwards.
        _ = try await destination.deliver(DeliveryRequest([.numbered(7)]))
        try await expect([.numbered(7)], at: target)
    }

    /// The other side's failures reach as far as they should, and end with it. What it refuses as a whole is the batch's
    /// even when that is a single event: what becomes of it is decided elsewhere.
    static func failuresHaveTheirScope(_ target: some ConformanceTarget) async throws {
        for failure in ConformanceFailure.allCases {
            for messages in [[TestMessage.numbered(1)], [.numbered(1), .numbered(2)]] {
                try #require(target.setFailure(failure))
                let error = await #expect(throws: DeliveryError.self) {
                    try await target.destination.deliver(DeliveryRequest(messages))
                }
                #expect(error?.scope == failure.scope, "\(failure)")
                #expect(error?.message.contains(target.destination.name) == true)
            }
        }
        try #require(target.setFailure(nil))
        let receipt = try await target.destination.deliver(DeliveryRequest([.numbered(3)]))
        #expect(receipt.messages == 1)
    }

    static func shutdownRefusesWhatComesLater(_ target: some ConformanceTarget) async throws {
        _ = try await target.destination.deliver(DeliveryRequest([.numbered(1)]))
        await target.destination.shutdown()
        // A second shutdown is harmless.
        await target.destination.shutdown()
        let error = await #expect(throws: DeliveryError.self) {
            try await target.destination.deliver(DeliveryRequest([.numbered(2)]))
        }
        #expect(error?.code == .shutDown)
        #expect(error?.scope == .local)
        try await expect([.numbered(1)], at: target)
    }

    private static func expect(_ messages: [TestMessage], at target: some ConformanceTarget) async throws {
        let received = try await target.finish(expecting: messages.count)
        let expected = try messages.map { try ReceivedMessage($0) }
        #expect(received.count == expected.count)
        if target.keepsOrder {
            #expect(received == expected)
        } else {
            #expect(received.sorted() == expected.sorted())
        }
    }

    private static func expectRefusal(
        of request: DeliveryRequest, by destination: any Destination, scope: DeliveryError.Scope
    ) async throws {
        let error = await #expect(throws: DeliveryError.self) { try await destination.deliver(request) }
        #expect(error?.code == .oversized)
        #expect(error?.scope == scope)
        #expect(error?.isRetriable == false)
    }

    private static func size(of request: DeliveryRequest, _ destination: any Destination) -> Int {
        request.arena.messages.reduce(0) { $0 + destination.encodedSize(of: $1, in: request.arena) }
    }

    /// Messages whose encoded sizes add up to exactly `bytes`.
    private static func messagesFilling(_ bytes: Int, count: Int, _ destination: any Destination) -> [TestMessage] {
        var messages = (1..<count).map { TestMessage.sized(bytes / count / 2, number: $0) }
        let used = size(of: DeliveryRequest(messages), destination)
        // The overhead depends on the size by a few bytes: search it.
        for overhead in 0..<64 {
            let last = TestMessage.sized(bytes - used - overhead, number: 0)
            let request = DeliveryRequest(messages + [last])
            if size(of: request, destination) == bytes {
                messages.append(last)
                return messages
            }
        }
        return messages
    }
}
