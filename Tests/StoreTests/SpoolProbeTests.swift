import Foundation
import Testing

@testable import Store

@Suite struct SpoolProbeTests {
    @Test func anOpenSpoolAnswersAndKeepsNothing() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let writer = try SegmentWriter.open(layout: layout, now: { 0 })
        try await writer.probe()
        #expect(!FileManager.default.fileExists(atPath: layout.probePath))
        #expect(try layout.segmentNumbers().isEmpty)
        await writer.shutdown()
        await #expect(throws: StoreError.self) { try await writer.probe() }
    }

    @Test func aSpoolThatIsGoneSaysSo() async throws {
        let directory = try TemporaryDirectory()
        let layout = SpoolLayout(root: directory.path + "/spool")
        let writer = try SegmentWriter.open(layout: layout, now: { 0 })
        try FileManager.default.removeItem(atPath: layout.root)
        await #expect(throws: StoreError.self) { try await writer.probe() }
        await writer.shutdown()
    }
}
