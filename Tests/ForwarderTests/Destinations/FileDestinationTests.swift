import Foundation
import TestSupport
import Testing

@testable import Forwarder

/// Files: rotation, crash repair, failing disks, one process for one directory.
@Suite(.timeLimit(.minutes(1))) struct FileDestinationTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func linesAreInThePartFileWhenDeliverReturns() async throws {
        let destination = try FileDestination(directory: directory.path)
        _ = try await destination.deliver(DeliveryRequest([.numbered(1), .numbered(2)]))
        let files = try directory.files()
        #expect(files.count == 1)
        let part = try #require(files.first)
        #expect(part.hasSuffix(".ndjson.part"))
        #expect(try directory.text(part).split(separator: "\n").count == 2)
        await destination.shutdown()
        let finished = try directory.files()
        #expect(finished == [String(part.dropLast(".part".count))])
    }

    @Test func namesSortByTimeEvenWhenTheClockGoesBack() throws {
        var names = DeliveryFileName()
        let first = names.next(at: 1_766_000_000_123_456_789)
        let second = names.next(at: 1_766_000_000_123_456_789)
        let third = names.next(at: 1_000)
        #expect(first == "events-20251217T193320.123456789-\(getpid())-000001")
        #expect(first < second && second < third)
    }

    @Test func aFileIsFinishedBySize() throws {
        var settings = FileDestinationSettings()
        settings.fileBytes = 200
        var writer = try writer(settings)
        for number in 0..<5 { try writer.write(Self.line(number, bytes: 100)) }
        let files = try directory.files()
        #expect(files.filter { $0.hasSuffix(".ndjson") }.count == 2)
        #expect(files.filter { $0.hasSuffix(".part") }.count == 1)
        #expect(try directory.finishedLines().count == 4)
    }

    @Test func aFileIsFinishedByAgeSinceItsFirstLine() throws {
        let now = Changeable<Int64>(1_000)
        var settings = FileDestinationSettings()
        settings.fileAge = .seconds(10)
        settings.monotonicClock = { now.value }
        var writer = try writer(settings)
        #expect(writer.untilDue == nil)
        try writer.write(Self.line(1))
        now.value += 4_000_000_000
        try writer.write(Self.line(2))
        #expect(writer.untilDue == 6_000_000_000)
        now.value += 5_999_999_999
        writer.finishIfDue()
        #expect(try directory.finishedLines().isEmpty)
        now.value += 1
        writer.finishIfDue()
        #expect(try directory.finishedLines().count == 2)
        #expect(writer.untilDue == nil)
    }

    @Test func anIdleDestinationFinishesItsFile() async throws {
        let (finished, continuation) = AsyncStream.makeStream(of: FileDestinationEvent.self)
        var settings = FileDestinationSettings()
        settings.fileAge = .milliseconds(20)
        settings.observer = { continuation.yield($0) }
        let destination = try FileDestination(directory: directory.path, settings: settings)
        _ = try await destination.deliver(DeliveryRequest([.numbered(1)]))
        var events = finished.makeAsyncIterator()
        let event = await events.next(isolation: nil)
        guard case .finished(let path, let bytes) = event else {
            Issue.record("unexpected \(String(describing: event))")
            return
        }
        #expect(path.hasSuffix(".ndjson") && FileManager.default.fileExists(atPath: path))
        #expect(bytes > 0)
        await destination.shutdown()
    }

    @Test func aTornLastLineIsCutAtTheNextStart() async throws {
        let whole = #"{"data":{},"attributes":{}}"# + "\n"
        let torn = #"{"data":{"event":{"id":"to"#
        try directory.write(whole + whole + torn, to: "events-20260101T000000.1-1-1.ndjson.part")
        try directory.write(whole, to: "events-20260101T000000.2-1-2.ndjson.part")
        try directory.write("torn" + String(repeating: "x", count: 200_000), to: "events-3.ndjson.part")
        try directory.write("", to: "events-4.ndjson.part")
        try directory.write("other", to: "unrelated.part")
        let events = Recorder<FileDestinationEvent>()
        var settings = FileDestinationSettings()
        settings.observer = { events.record($0) }
        let destination = try FileDestination(directory: directory.path, settings: settings)
        #expect(
            try directory.files() == [
                "events-20260101T000000.1-1-1.ndjson", "events-20260101T000000.2-1-2.ndjson", "unrelated.part",
            ])
        #expect(try directory.text("events-20260101T000000.1-1-1.ndjson") == whole + whole)
        #expect(try directory.text("events-20260101T000000.2-1-2.ndjson") == whole)
        #expect(events.values.count == 2)
        await destination.shutdown()
    }

    @Test func aLongTornTailIsCutToo() throws {
        let whole = String(repeating: "a", count: 100_000) + "\n"
        try directory.write(whole + String(repeating: "b", count: 150_000), to: "events-1.ndjson.part")
        let events = try DeliveryDirectory(path: directory.path).repair()
        #expect(
            events == [
                .repaired(path: "\(directory.path)/events-1.ndjson", bytes: whole.utf8.count, cutBytes: 150_000)
            ])
        #expect(try directory.text("events-1.ndjson") == whole)
    }

    @Test func aSecondForwarderIsRefused() async throws {
        let first = try FileDestination(directory: directory.path)
        let error = #expect(throws: DestinationConfigurationError.self) {
            try FileDestination(directory: directory.path)
        }
        #expect(error?.code == .locked)
        #expect(error?.message.contains("pid \(getpid())") == true)
        await first.shutdown()
        let second = try FileDestination(directory: directory.path)
        await second.shutdown()
    }

    @Test func anAbsoluteDirectoryNeedsItsParent() {
        let missing = directory.path + "/volume/delivered"
        let error = #expect(throws: DestinationConfigurationError.self) { try FileDestination(directory: missing) }
        #expect(error?.code == .unusableDirectory)
        #expect(error?.message.contains("is the volume mounted?") == true)
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/volume"))
    }

    @Test func aMissingDirectoryIsMadeAndNamed() async throws {
        let path = directory.path + "/delivered"
        let destination = try FileDestination(directory: path)
        #expect(destination.name == "file://\(path)")
        await destination.shutdown()
        #expect(FileManager.default.fileExists(atPath: path))
    }

    @Test func aFullDiskFailsTheDeliveryAndLeavesNoTornLine() async throws {
        let disk = SmallDisk()
        var settings = FileDestinationSettings()
        settings.calls = disk.calls
        // However slow the machine is, one file holds all of it.
        settings.fileAge = .seconds(3600)
        let destination = try FileDestination(directory: directory.path, settings: settings)
        _ = try await destination.deliver(DeliveryRequest([.numbered(1)]))
        disk.bytesLeft = 30
        let error = await #expect(throws: DeliveryError.self) {
            try await destination.deliver(DeliveryRequest([.numbered(2)]))
        }
        #expect(error?.code == .diskFull)
        #expect(error?.scope == .local)
        #expect(error?.isRetriable == true)
        // Space is back: the same file goes on.
        disk.bytesLeft = .max
        _ = try await destination.deliver(DeliveryRequest([.numbered(3)]))
        await destination.shutdown()
        let received = try directory.finishedLines().map { try ReceivedMessage(line: $0) }
        #expect(received == [try ReceivedMessage(.numbered(1)), try ReceivedMessage(.numbered(3))])
        #expect(try directory.files().count == 1)
    }

    @Test func aFailedSyncEndsTheFileAndKeepsOnlyWhatWasSyncedBefore() throws {
        let isBroken = Changeable(false)
        var settings = FileDestinationSettings()
        settings.calls.synchronize = { descriptor in
            guard isBroken.value else { return fdatasync(descriptor) }
            errno = EIO
            return -1
        }
        var writer = try writer(settings)
        try writer.write(Self.line(1))
        isBroken.value = true
        #expect(throws: DeliveryError.self) { try writer.write(Self.line(2)) }
        isBroken.value = false
        try writer.write(Self.line(3))
        writer.finish()
        let files = try directory.files()
        #expect(files.count == 2)
        #expect(try directory.finishedLines().map { $0.prefix(2) } == ["1 ", "3 "])
    }

    @Test func aFileThatCannotBeCutBackTakesNoMoreLines() throws {
        let isFull = Changeable(false)
        let events = Recorder<FileDestinationEvent>()
        var settings = FileDestinationSettings()
        settings.observer = { events.record($0) }
        settings.calls.write = { descriptor, bytes in
            guard isFull.value else { return write(descriptor, bytes.baseAddress, bytes.count) }
            _ = write(descriptor, bytes.baseAddress, 5)
            errno = EIO
            return -1
        }
        settings.calls.truncate = { _, _ in -1 }
        let deliveries = try DeliveryDirectory(path: directory.path)
        var writer = DeliveryFileWriter(directory: deliveries, settings: settings)
        try writer.write(Self.line(1))
        isFull.value = true
        let error = #expect(throws: DeliveryError.self) { try writer.write(Self.line(2)) }
        #expect(error?.code == .localIO)
        isFull.value = false
        try writer.write(Self.line(3))
        writer.finish()
        guard case .abandoned = events.values.first else {
            Issue.record("unexpected \(events.values)")
            return
        }
        // The next start repairs the abandoned file.
        _ = try deliveries.repair()
        #expect(try directory.finishedLines().map { $0.prefix(2) } == ["1 ", "3 "])
    }

    @Test func deliveriesThatComeTogetherShareOneSync() async throws {
        let syncs = Recorder<Void>()
        let gate = Gate()
        var settings = FileDestinationSettings()
        settings.calls.synchronize = { descriptor in
            syncs.record(())
            if syncs.values.count == 1 { gate.wait() }
            return fdatasync(descriptor)
        }
        let destination = try FileDestination(directory: directory.path, settings: settings)
        try await withThrowingTaskGroup(of: Void.self) { group in
            // The first delivery is held in its sync until the others are queued behind it.
            group.addTask { _ = try await destination.deliver(DeliveryRequest([.numbered(0)])) }
            while syncs.values.isEmpty { await Task.yield() }
            for number in 1..<20 {
                group.addTask { _ = try await destination.deliver(DeliveryRequest([.numbered(number)])) }
            }
            while destination.queuedNow < 19 { await Task.yield() }
            gate.open()
            try await group.waitForAll()
        }
        #expect(syncs.values.count == 2)
        await destination.shutdown()
        #expect(try directory.finishedLines().count == 20)
    }

    private func writer(_ settings: FileDestinationSettings) throws -> DeliveryFileWriter {
        DeliveryFileWriter(directory: try DeliveryDirectory(path: directory.path), settings: settings)
    }

    private static func line(_ number: Int, bytes: Int = 20) -> [UInt8] {
        Array("\(number) \(String(repeating: "x", count: bytes - 3))\n".utf8)
    }
}
