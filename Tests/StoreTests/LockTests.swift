import Glibc
import Testing

@testable import Store

struct LockTests {
    @Test
    func aSecondWriterIsRefusedUntilTheFirstIsDown() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let clock = TestClock()
        #expect(!ProcessLock.isHeld(path: layout.ingestLockPath))
        let first = try SegmentWriter.open(layout: layout, now: clock.now)
        #expect(ProcessLock.isHeld(path: layout.ingestLockPath))
        let error = #expect(throws: StoreError.self) { try SegmentWriter.open(layout: layout, now: clock.now) }
        #expect(error?.code == .locked)
        #expect(error?.message.contains("pid \(getpid())") == true)
        #expect(error?.message.contains("another ingest") == true)
        await first.shutdown()
        #expect(!ProcessLock.isHeld(path: layout.ingestLockPath))
        let second = try SegmentWriter.open(layout: layout, now: clock.now)
        await second.shutdown()
    }

    @Test
    func aSecondLedgerIsRefusedUntilTheFirstIsDown() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let clock = TestClock()
        // Both roles on one spool: their locks are their own.
        let writer = try SegmentWriter.open(layout: layout, now: clock.now)
        let first = try await DeliveryLedger.open(layout: layout, now: clock.now)
        let error = await #expect(throws: StoreError.self) {
            try await DeliveryLedger.open(layout: layout, now: clock.now)
        }
        #expect(error?.code == .locked)
        #expect(error?.message.contains("pid \(getpid())") == true)
        #expect(error?.message.contains("another forwarder") == true)
        try await first.shutdown()
        let second = try await DeliveryLedger.open(layout: layout, now: clock.now)
        try await second.shutdown()
        await writer.shutdown()
    }
}
