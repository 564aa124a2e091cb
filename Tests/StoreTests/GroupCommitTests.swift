import Testing

@testable import Store

struct GroupCommitTests {
    @Test
    func manyAppendersShareCommitsAndKeepTheirOrder() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let log = ObserverLog()
        let clock = TestClock()
        let writer = try SegmentWriter.open(layout: layout, now: clock.now, observer: log.observer)
        let appenders = 32
        let rounds = 20
        try await withThrowingTaskGroup(of: Void.self) { group in
            for appender in 0..<appenders {
                group.addTask {
                    let stream = StreamHandle(
                        StreamRecord(client: "\(appender)", source: "s", metadata: [], openedAt: 0))
                    // Two in flight each: order has to hold within a group and from group to group.
                    for round in stride(from: 0, to: rounds, by: 2) {
                        let tickets = [round, round + 1].map {
                            writer.append(Batches.single(stream, [UInt8(appender), UInt8($0)]))
                        }
                        for ticket in tickets { try await ticket.committed() }
                    }
                }
            }
            try await group.waitForAll()
        }
        await writer.shutdown()
        let entries = log.entries
        let total = appenders * rounds
        #expect(entries.commits.reduce(0, +) == total)
        #expect(entries.commits.count < total)
        #expect(entries.failures.isEmpty)
        #expect(entries.opened.count == 1)
        let drain = try await Drain(SpoolReader(layout: layout))
        #expect(drain.batches.map(\.id) == Array(1...Int64(total)))
        for appender in 0..<appenders {
            let rows = drain.batches.filter { $0.payload[0] == UInt8(appender) }
            #expect(rows.map { Int($0.payload[1]) } == Array(0..<rounds))
        }
    }

    @Test
    func oneTransactionTakesAtMostItsBytesAndAtLeastOneBatch() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let log = ObserverLog()
        var limits = SegmentLimits.standard
        limits.groupCommitBytes = 1000
        let writer = try SegmentWriter.open(
            layout: layout, limits: limits, now: TestClock().now, observer: log.observer)
        let stream = StreamHandle(StreamRecord(client: "c", source: "s", metadata: [], openedAt: 0))
        let tickets = (0..<100).map { _ in writer.append(Batches.single(stream, [UInt8](repeating: 7, count: 400))) }
        let large = writer.append(Batches.single(stream, [UInt8](repeating: 8, count: 5000)))
        for ticket in tickets + [large] { try await ticket.committed() }
        await writer.shutdown()
        #expect(log.entries.commits.reduce(0, +) == 101)
        #expect(log.entries.commits.allSatisfy { $0 <= 2 })
    }

    @Test func aTicketKnowsWhenItsGroupWasCommitted() async throws {
        let directory = try TemporaryDirectory()
        let writer = try SegmentWriter.open(
            layout: SpoolLayout(root: directory.path + "/spool"), now: TestClock().now)
        let stream = StreamHandle(StreamRecord(client: "c", source: "s", metadata: [], openedAt: 0))
        let ticket = writer.append(Batches.single(stream, [1]))
        try await ticket.committed()
        let timing = try #require(ticket.timing)
        #expect(timing.began <= timing.ended)
        #expect(timing.batches == 1)
        #expect(timing.isDurable)
        await writer.shutdown()
        let late = writer.append(Batches.single(stream, [2]))
        await #expect(throws: StoreError.self) { try await late.committed() }
        #expect(late.timing == nil, "it never was in a group")
    }

    @Test
    func afterShutdownNothingIsTakenAndWhatWasQueuedIsDurable() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let writer = try SegmentWriter.open(layout: layout, now: TestClock().now)
        let stream = StreamHandle(StreamRecord(client: "c", source: "s", metadata: [], openedAt: 0))
        let tickets = (0..<50).map { writer.append(Batches.single(stream, [UInt8($0)])) }
        await writer.shutdown()
        let late = await #expect(throws: StoreError.self) {
            try await writer.append(Batches.single(stream, [99])).committed()
        }
        #expect(late?.code == .closed)
        for ticket in tickets { try await ticket.committed() }
        let drain = try await Drain(SpoolReader(layout: layout))
        #expect(drain.batches.map { $0.payload[0] } == Array(0..<50))
        #expect(drain.finished.values.compactMap { $0?.batches } == [50])
    }

    /// The acknowledgement itself: at the moment a ticket succeeds, another connection sees the batch.
    @Test
    func aTicketSucceedsOnlyWhenTheBatchIsInTheFile() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let writer = try SegmentWriter.open(layout: layout, now: TestClock().now)
        let reader = try SpoolReader(layout: layout)
        let stream = StreamHandle(StreamRecord(client: "c", source: "s", metadata: [], openedAt: 0))
        var position = SpoolPosition.start
        for number in 0..<60 as Range<UInt8> {
            try await writer.append(Batches.single(stream, [number] + [UInt8](repeating: 1, count: 200_000)))
                .committed()
            let page = try await reader.page(after: position, maximumBytes: 1)
            #expect(page.batches.map { $0.payload[0] } == [number])
            position = page.position
        }
        await writer.shutdown()
    }

    /// A writer that is dropped without a shutdown ends, and lets go of its lock once its thread is done.
    @Test
    func aDroppedWriterWritesWhatItHasAndEnds() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let stream = StreamHandle(StreamRecord(client: "c", source: "s", metadata: [], openedAt: 0))
        let ticket = try SegmentWriter.open(layout: layout, now: TestClock().now).append(Batches.single(stream, [1]))
        try await ticket.committed()
        #expect(try await Drain(SpoolReader(layout: layout)).batches.count == 1)
    }
}
