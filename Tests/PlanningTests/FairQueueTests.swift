import Testing

@testable import Planning

@Suite struct FairQueueTests {
    private func batch(_ number: Int64, client: Int32, bytes: Int64) -> BatchSummary {
        BatchSummary(
            address: BatchAddress(segment: 1, batch: number), client: client, events: 1, bytes: bytes, receivedAt: 0)
    }

    private func drain(_ queue: inout FairQueue) -> [BatchSummary] {
        var all: [BatchSummary] = []
        while let next = queue.popFirst() { all.append(next) }
        return all
    }

    @Test func aMillionEventsOfOneClientDoNotDelayTenOfAnother() throws {
        var queue = FairQueue()
        for number in 1...1000 { queue.append(batch(Int64(number), client: 1, bytes: 1 << 20)) }
        for number in 1001...1010 { queue.append(batch(Int64(number), client: 2, bytes: 600)) }
        let order = drain(&queue)
        #expect(order.count == 1010)
        let last = try #require(order.lastIndex { $0.client == 2 })
        #expect(last <= 20, "the ten came after \(last) batches")
    }

    @Test func eachClientsBatchesComeInOrder() {
        var queue = FairQueue()
        for number in 1...300 {
            queue.append(batch(Int64(number), client: Int32(number % 7), bytes: Int64(number * 9000)))
        }
        let order = drain(&queue)
        #expect(order.count == 300)
        for client in Int32(0)..<7 {
            let own = order.filter { $0.client == client }.map(\.address)
            #expect(own == own.sorted())
        }
    }

    @Test func clientsShareByBytesNotByBatches() {
        var queue = FairQueue()
        for number in 1...100 { queue.append(batch(Int64(number), client: 1, bytes: 1 << 20)) }
        for number in 101...2000 { queue.append(batch(Int64(number), client: 2, bytes: 64 << 10)) }
        var bytes: [Int32: Int64] = [:]
        for _ in 0..<200 {
            guard let next = queue.popFirst() else { break }
            bytes[next.client, default: 0] += next.bytes
        }
        let (one, two) = (bytes[1] ?? 0, bytes[2] ?? 0)
        #expect(abs(one - two) <= 2 << 20, "\(one) and \(two) bytes")
    }

    @Test func nobodySavesUpWithNothingToSend() {
        var queue = FairQueue()
        queue.append(batch(1, client: 1, bytes: 100))
        queue.append(batch(2, client: 2, bytes: 100))
        _ = drain(&queue)
        for number in 3...40 { queue.append(batch(Int64(number), client: 1, bytes: FairQueue.turnBytes)) }
        for number in 41...80 { queue.append(batch(Int64(number), client: 2, bytes: FairQueue.turnBytes)) }
        let firstTen = (0..<10).compactMap { _ in queue.popFirst()?.client }
        #expect(firstTen.filter { $0 == 1 }.count == 5)
    }

    @Test func itKnowsWhatWaits() {
        var queue = FairQueue()
        #expect(queue.isEmpty)
        queue.append(batch(1, client: 1, bytes: 10))
        queue.append(batch(2, client: 1, bytes: 20))
        #expect(queue.count == 2 && queue.bytes == 30)
        _ = queue.popFirst()
        #expect(queue.count == 1 && queue.bytes == 20)
    }

    @Test func whatIsTakenOutOfTurnLeavesTheTurnsInOrder() {
        var queue = FairQueue()
        func append(_ client: Int32, _ batch: Int64, bytes: Int64 = 300_000) {
            queue.append(
                BatchSummary(
                    address: BatchAddress(segment: 1, batch: batch), client: client, events: 1, bytes: bytes,
                    receivedAt: batch))
        }
        for batch in 1...3 as ClosedRange<Int64> {
            for client in 1...3 as ClosedRange<Int32> { append(client, batch * 10 + Int64(client)) }
        }
        let old = queue.popFirst(100) { $0.receivedAt < 20 || $0.client == 2 }
        #expect(old.map(\.address.batch) == [11, 12, 22, 32, 13])
        #expect(queue.count == 4 && queue.bytes == 4 * 300_000)
        // A client that comes back has one turn, as everybody.
        append(2, 42)
        append(2, 52)
        var clients: [Int32] = []
        while let batch = queue.popFirst() { clients.append(batch.client) }
        #expect(clients.count == 6 && queue.isEmpty && queue.bytes == 0)
        #expect(Set(clients.prefix(3)) == [1, 2, 3])
        #expect(queue.popFirst(1) { _ in true }.isEmpty)
    }
}
