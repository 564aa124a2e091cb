import Foundation
import TestSupport
import Testing

@testable import Store

@Suite struct HostFactsTests {
    private func inDirectory(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "host-facts-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test func aProbeLeavesNothingBehind() throws {
        try inDirectory { path in
            let latency = try SyncLatency.measured(in: path, count: 7, limit: .max)
            #expect(latency.samples.count == 7 && latency.samples == latency.samples.sorted())
            #expect(latency.median > 0 && latency.longest >= latency.median)
            #expect(
                try SyncLatency.measured(in: path, count: 7, limit: 0).samples.count == 1, "no time for a second one")
            #expect(try Directory.names(path).isEmpty)
        }
        #expect(throws: StoreError.self) { try SyncLatency.measured(in: "/nowhere/at/all", count: 1, limit: 0) }
    }

    @Test func knowsWhatTheKernelKnows() throws {
        #expect(try FileSystemKind.of("/proc").number == 0x9FA0)
        #expect(throws: StoreError.self) { try FileSystemKind.of("/nowhere/at/all") }
        #expect(try FileSystemEntries.measured("/").total >= FileSystemEntries.measured("/").free)
        #expect(SQLiteVersion.number > 3_000_000)
    }

    @Test(.enabled(if: SmallFileSystem.isAllowed, "\(SmallFileSystem.whyNot)"))
    func memoryIsNoDisk() throws {
        let disk = try SmallFileSystem(bytes: 1 << 20)
        #expect(try FileSystemKind.of(disk.path).nature == .memory)
        #expect(try FileSystemKind.of(disk.path).name == "tmpfs")
    }

    @Test func looksAtFiles() throws {
        try inDirectory { path in
            let file = path + "/file"
            _ = FileManager.default.createFile(atPath: file, contents: nil, attributes: [.posixPermissions: 0o640])
            let facts = FileFacts(path: file)
            #expect(facts.errorNumber == 0 && !facts.isDirectory && facts.mode == 0o640 && facts.isReadable)
            #expect(FileFacts(path: path).isDirectory && FileFacts(path: path).isWritable)
            #expect(FileFacts(path: path + "/none").errorNumber == 2)
        }
    }

    @Test func readsTheTimesOfASpool() throws {
        try inDirectory { path in
            let layout = SpoolLayout(root: path)
            #expect(SpoolTimes(layout: layout) == SpoolTimes())
            try layout.create()
            _ = FileManager.default.createFile(atPath: layout.segmentPath(1_700_000_000_000), contents: nil)
            _ = FileManager.default.createFile(atPath: layout.segmentPath(1_600_000_000_000), contents: nil)
            _ = FileManager.default.createFile(atPath: layout.ledgerPath, contents: nil)
            let times = SpoolTimes(layout: layout)
            #expect(times.newestSegment == 1_700_000_000_000_000_000)
            #expect(times.ledger ?? 0 > 1_700_000_000_000_000_000)
        }
    }
}
