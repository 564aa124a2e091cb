import Testing

@testable import Store

struct SpoolUsageTests {
    @Test
    func countsWhatIsThere() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        try layout.create()
        let empty = try SpoolUsage.measured(layout)
        #expect(empty.segments == 0 && empty.bytesOnDisk == 0 && empty.oldestCreatedAt == nil)
        #expect(empty.freeBytes > 0)
        let clock = TestClock()
        for _ in 0..<2 {
            let writer = try SegmentWriter.open(layout: layout, now: clock.now)
            try await writer.append(Batches.single(Marked.stream(), [UInt8](repeating: 1, count: 500_000))).committed()
            await writer.shutdown()
        }
        let usage = try SpoolUsage.measured(layout)
        #expect(usage.segments == 2)
        #expect((1_000_000..<3_000_000).contains(usage.bytesOnDisk))
        #expect(usage.bytesOnDisk == (try SpoolInspector(layout: layout).status().bytesOnDisk))
        #expect(usage.oldestCreatedAt == 1_700_000_002_000_000_000)
    }

    @Test
    func saysWhenThereIsNoSpool() throws {
        let directory = try TemporaryDirectory()
        let error = #expect(throws: StoreError.self) {
            try SpoolUsage.measured(SpoolLayout(root: directory.path + "/nothing"))
        }
        #expect(error?.code == .io)
    }
}
