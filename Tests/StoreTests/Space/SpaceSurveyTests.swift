import Testing

@testable import Store

struct SpaceSurveyTests {
    private func spool(_ directory: TemporaryDirectory) async throws -> (SpoolLayout, [UInt64]) {
        let layout = SpoolLayout(root: directory.path + "/spool")
        let clock = TestClock()
        for client in ["a", "b"] {
            let writer = try SegmentWriter.open(layout: layout, now: clock.now)
            for stream in [Marked.stream(client), Marked.stream(client), Marked.stream("both")] {
                try await writer.append(Batches.single(stream, [UInt8](repeating: 1, count: 50_000))).committed()
            }
            await writer.shutdown()
        }
        return (layout, try layout.segmentNumbers())
    }

    @Test
    func measuresSegmentsAndKnowsTheRetainedOnes() async throws {
        let directory = try TemporaryDirectory()
        let (layout, numbers) = try await spool(directory)
        let survey = try SpaceSurvey(layout: layout)
        let before = try await survey.measure(askingLedger: true)
        #expect(before.segments.map(\.number) == numbers)
        #expect(before.segments.allSatisfy { !$0.isRetained && $0.bytes > 150_000 })
        #expect(before.usedBytes == (try SpoolUsage.measured(layout).bytesOnDisk))
        #expect(before.oldestWaitingAt == 1_700_000_002_000_000_000)
        #expect(before.problem == nil && before.retainedBytes == 0)

        let ledger = try await DeliveryLedger.open(layout: layout, now: TestClock().now)
        try await ledger.close(segment: numbers[0], totals: SegmentTotals(), account: SegmentAccount())
        let after = try await survey.measure(askingLedger: true)
        #expect(after.segments.map(\.isRetained) == [true, false])
        #expect(after.retainedBytes == before.segments[0].bytes && after.usedBytes == before.usedBytes)
        #expect(after.oldestWaitingAt == SpoolLayout.createdAt(numbers[1]))
        #expect(try await survey.measure(askingLedger: false).retainedBytes == 0)
        try await ledger.shutdown()
    }

    @Test
    func aLedgerThatCanNotBeReadRetainsNothingAndIsTold() async throws {
        let directory = try TemporaryDirectory()
        let (layout, _) = try await spool(directory)
        try TemporaryDirectory.write([UInt8](repeating: 7, count: 5000), to: layout.ledgerPath)
        let measurement = try await SpaceSurvey(layout: layout).measure(askingLedger: true)
        #expect(measurement.problem?.contains("ledger.db") == true)
        #expect(measurement.segments.count == 2 && measurement.retainedBytes == 0)
    }

    @Test
    func countsPayloadByClientOverItsStreams() async throws {
        let directory = try TemporaryDirectory()
        let (layout, numbers) = try await spool(directory)
        let survey = try SpaceSurvey(layout: layout)
        #expect(try await survey.payloadBytes(segment: numbers[0]) == ["a": 100_000, "both": 50_000])
        #expect(try await survey.payloadBytes(segment: numbers[1]) == ["b": 100_000, "both": 50_000])
        await #expect(throws: StoreError.self) { try await survey.payloadBytes(segment: 1) }
    }
}
