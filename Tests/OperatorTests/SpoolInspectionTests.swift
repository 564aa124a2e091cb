internal import Contract
internal import Foundation
internal import Operator
internal import Store
internal import Testing

/// What `status` and `peek` find in a spool that the real writer and the real ledger have left.
@Suite struct SpoolInspectionTests {
    private static let now: Int64 = 1_800_000_000_000_000_000

    @Test func beforeAnyForwarderEverythingWaits() async throws {
        let spool = try TemporarySpool()
        try await spool.write([["a", "b"], ["c"]], receivedAt: Self.now)
        #expect(try spool.waitingIDs().ids == ["a", "b", "c"])
        #expect(try SpoolInspector(layout: spool.layout).destinationNames().isEmpty)
        let status = try SpoolInspector(layout: spool.layout).status()
        #expect(status.stored.events == 3)
        #expect(status.sealedSegments == 1)
        #expect(!status.ingestIsRunning)
        #expect(status.destinations.isEmpty)
    }

    @Test func whatIsDeliveredWaitsNoMoreAtItsDestination() async throws {
        let spool = try TemporarySpool()
        try await spool.write([["a", "b"], ["c", "d", "e"], ["f"]], receivedAt: Self.now)
        let segment = try #require(try spool.layout.segmentNumbers().first)
        let ledger = try await DeliveryLedger.open(layout: spool.layout, now: { Self.now })
        let first = try await ledger.register(destination: "first")
        _ = try await ledger.register(destination: "second")
        try await ledger.record(
            [
                Resolution(segment: segment, batch: 1, events: 0..<2, batchEvents: 2),
                Resolution(segment: segment, batch: 2, events: 1..<2, batchEvents: 3),
            ], at: first, deliveredBytes: 99)

        // While the forwarder holds its ledger.
        #expect(try spool.waitingIDs(at: "first").ids == ["c", "e", "f"])
        #expect(try spool.waitingIDs().ids == ["c", "e", "f"])
        #expect(try spool.waitingIDs(at: "second").ids == ["a", "b", "c", "d", "e", "f"])
        #expect(try spool.waitingIDs(at: "second", limit: 2).ids == ["a", "b"])
        let inspector = SpoolInspector(layout: spool.layout)
        #expect(try inspector.destinationNames() == ["first", "second"])
        let status = try inspector.status()
        #expect(status.forwarderIsRunning)
        let delivered = try #require(status.destinations.first)
        #expect(delivered.waiting.events == 3)
        #expect(delivered.waiting.batches == 2)
        #expect(delivered.oldestWaitingAt == Self.now)
        #expect(delivered.deliveredEvents == 3)
        #expect(delivered.deliveredBytes == 99)
        #expect(status.destinations.last?.waiting.events == 6)

        try await ledger.finish(segment: segment, at: first)
        try await ledger.shutdown()
        #expect(try spool.waitingIDs(at: "first").ids.isEmpty)
        #expect(try spool.waitingIDs(at: "second").ids.count == 6)
        let after = try inspector.status()
        #expect(!after.forwarderIsRunning)
        #expect(after.destinations.first?.waiting == SegmentTotals())
    }

    @Test func aSegmentThatIsNoDatabaseIsNamedAndTheRestIsShown() async throws {
        let spool = try TemporarySpool()
        try await spool.write([["a"]], receivedAt: Self.now)
        let broken = spool.layout.segmentPath(7)
        try Data(repeating: 0x2A, count: 8192).write(to: URL(fileURLWithPath: broken))
        let waiting = try spool.waitingIDs()
        #expect(waiting.ids == ["a"])
        #expect(waiting.problems.count == 1)
        let status = try SpoolInspector(layout: spool.layout).status()
        #expect(status.segments == 2)
        #expect(status.stored.events == 1)
        #expect(status.unreadable.count == 1)
        #expect(status.unreadable.first?.contains(broken) == true)
    }

    @Test func aDirectoryWithoutSpoolIsNamed() throws {
        let inspector = SpoolInspector(layout: SpoolLayout(root: "/nowhere"))
        let error = #expect(throws: StoreError.self) { try inspector.status() }
        #expect(error?.message.hasPrefix("/nowhere: there is no spool here") == true)
        #expect(error.map { OperatorFailure($0).code.exitCode } == 73)
        #expect(throws: StoreError.self) { try inspector.visitWaiting { _ in true } }
    }

    @Test func aMessageIsOneLineOfDataAndAttributes() async throws {
        let spool = try TemporarySpool()
        try await spool.write([["a\"\n"]], receivedAt: Self.now)
        var lines: [[UInt8]] = []
        _ = try SpoolInspector(layout: spool.layout).visitWaiting { waiting in
            guard var renderer = try? MessageRenderer(metadata: waiting.stream.metadata) else { return false }
            var arena = MessageArena()
            waiting.batch.withEvent(0) { try? renderer.render(event: $0, into: &arena) }
            lines += arena.messages.map { MessageLine.bytes(of: $0, in: arena) }
            return true
        }
        let line = try #require(lines.first)
        #expect(line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
        let object = try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: [String: Any]])
        #expect((object["data"]?["event"] as? [String: Any])?["id"] as? String == "a\"\n")
        #expect(object["attributes"]?["publisher.source"] as? String == "unlicensed_instance")
        #expect(object["attributes"]?["event.feature"] as? String == "search")
    }
}
