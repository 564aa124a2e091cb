import Glibc
import Testing

@testable import Store

struct UnwritableSpoolTests {
    @Test
    func aPathUnderAFileIsUnwritable() async throws {
        let directory = try TemporaryDirectory()
        try TemporaryDirectory.write([], to: directory.path + "/file")
        let error = refusal(SpoolLayout(root: directory.path + "/file/spool"))
        #expect(error?.code == .unwritable)
        #expect(error?.message.contains(directory.path + "/file/spool") == true)
    }

    @Test
    func aFileInPlaceOfTheSpoolIsUnwritable() async throws {
        let directory = try TemporaryDirectory()
        try TemporaryDirectory.write([], to: directory.path + "/spool")
        #expect(refusal(SpoolLayout(root: directory.path + "/spool"))?.code == .unwritable)
    }

    @Test
    func aMissingParentSuggestsAVolume() throws {
        let directory = try TemporaryDirectory()
        let error = refusal(SpoolLayout(root: directory.path + "/volume/spool"))
        #expect(error?.code == .missingParent)
        #expect(error?.message.contains("volume mounted") == true)
        #expect(!TemporaryDirectory.exists(directory.path + "/volume"))
    }

    @Test
    func aRelativePathIsCreatedWhole() async throws {
        // Below the working directory of the test process, which no test changes; removed at the end.
        let name = "store-tests-\(getpid())-relative"
        defer {
            for path in ["/a/spool/segments", "/a/spool/ingest.lock", "/a/spool", "/a", ""] { remove(name + path) }
        }
        let layout = SpoolLayout(root: name + "/a/spool")
        let writer = try SegmentWriter.open(layout: layout, now: TestClock().now)
        await writer.shutdown()
        #expect(layout.exists)
    }

    @Test(.enabled(if: geteuid() != 0, "root ignores permission bits"))
    func aReadOnlyDirectoryIsUnwritable() throws {
        let directory = try TemporaryDirectory()
        chmod(directory.path, 0o500)
        defer { chmod(directory.path, 0o700) }
        #expect(refusal(SpoolLayout(root: directory.path + "/spool"))?.code == .unwritable)
        #expect(refusal(SpoolLayout(root: directory.path))?.code == .unwritable)
    }

    private func refusal(_ layout: SpoolLayout) -> StoreError? {
        do {
            _ = try SegmentWriter.open(layout: layout, now: { 1 })
            return nil
        } catch {
            return error
        }
    }
}
