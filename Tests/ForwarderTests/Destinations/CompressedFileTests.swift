import Foundation
import TestSupport
import Testing

@testable import Forwarder

/// Compressed files: whatever happens, what was synced can be read.
@Suite(.timeLimit(.minutes(1))) struct CompressedFileTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func settings() -> FileDestinationSettings {
        var settings = FileDestinationSettings()
        settings.compression = .gzip
        // However slow the machine is: no file is finished for its age.
        settings.fileAge = .seconds(86_400)
        return settings
    }

    private func writer(_ settings: FileDestinationSettings) throws -> DeliveryFileWriter {
        DeliveryFileWriter(directory: try DeliveryDirectory(path: directory.path), settings: settings)
    }

    private static func line(_ number: Int, bytes: Int = 20) -> [UInt8] {
        Array("\(number) \(String(repeating: "x", count: bytes - 3))\n".utf8)
    }

    private func part() throws -> String {
        try #require(try directory.files().first { $0.hasSuffix(".ndjson.gz.part") })
    }

    @Test func whatIsSyncedIsWhole() throws {
        var writer = try writer(settings())
        var expected: [UInt8] = []
        for number in 0..<5 {
            try writer.append(Self.line(number))
            try writer.append(Self.line(number, bytes: 1_000_000))
            try writer.synchronize()
            expected += Self.line(number) + Self.line(number, bytes: 1_000_000)
            #expect(try Gzip.expanded(directory.bytes(part())) == expected)
        }
        writer.finish()
        #expect(try directory.files().map { $0.hasSuffix(".ndjson.gz") } == [true])
        #expect(try directory.finishedLines().count == 10)
    }

    @Test func aFileIsFinishedByItsSizeOnDisk() throws {
        var settings = settings()
        settings.fileBytes = 300
        var writer = try writer(settings)
        // Compressible a hundredfold: the lines alone would have been a hundred files.
        for number in 0..<10 { try writer.write(Self.line(number, bytes: 3000)) }
        #expect(try (1...4).contains(directory.files().count))
        writer.finish()
        #expect(try directory.finishedLines().count == 10)
    }

    @Test(arguments: [1, 5, 17, 24])
    func aTornMemberIsCutAtTheNextStart(_ kept: Int) async throws {
        var writer = try writer(settings())
        try writer.write(Self.line(1))
        try writer.write(Self.line(2, bytes: 200_000))
        let name = try part()
        let whole = try directory.bytes(name)
        try writer.write(Self.line(3))
        let torn = try directory.bytes(name).prefix(whole.count + kept)
        let restarted = try TemporaryDirectory()
        try Data(torn).write(to: URL(fileURLWithPath: "\(restarted.path)/\(name)"))
        try Data(torn.prefix(10)).write(to: URL(fileURLWithPath: "\(restarted.path)/events-1.ndjson.gz.part"))
        try restarted.write("a\nb", to: "events-2.ndjson.part")
        let events = Recorder<FileDestinationEvent>()
        // Set to write plain files now: what is there is repaired as what it is.
        var settings = FileDestinationSettings()
        settings.observer = { events.record($0) }
        let destination = try FileDestination(directory: restarted.path, settings: settings)
        await destination.shutdown()
        let finished = String(name.dropLast(".part".count))
        #expect(try restarted.files().sorted() == [finished, "events-2.ndjson"].sorted())
        #expect(try Gzip.expanded(restarted.bytes(finished)) == Self.line(1) + Self.line(2, bytes: 200_000))
        #expect(
            events.values.contains(
                .repaired(path: "\(restarted.path)/\(finished)", bytes: whole.count, cutBytes: kept)))
    }

    @Test func garbageBehindWholeMembersIsCut() throws {
        let whole = try Gzip.compressed(Self.line(1)) + Gzip.compressed([])
        let content = whole + Array(repeating: 0xAA, count: 100_000)
        try Data(content).write(to: URL(fileURLWithPath: "\(directory.path)/events-1.ndjson.gz.part"))
        _ = try DeliveryDirectory(path: directory.path).repair()
        #expect(try directory.bytes("events-1.ndjson.gz") == whole)
    }

    @Test func aFullDiskLeavesWholeMembersAndHeals() async throws {
        let disk = SmallDisk()
        var settings = settings()
        settings.calls = disk.calls
        let destination = try FileDestination(directory: directory.path, settings: settings)
        _ = try await destination.deliver(DeliveryRequest([.numbered(1)]))
        disk.bytesLeft = 12
        for _ in 0..<3 {
            let error = await #expect(throws: DeliveryError.self) {
                try await destination.deliver(DeliveryRequest([.numbered(2)]))
            }
            #expect(error?.code == .diskFull)
            #expect(error?.scope == .local)
            #expect(error?.action == .wait)
            #expect(try !Gzip.expanded(directory.bytes(part())).isEmpty)
        }
        disk.bytesLeft = .max
        _ = try await destination.deliver(DeliveryRequest([.numbered(3)]))
        await destination.shutdown()
        let received = try directory.finishedLines().map { try ReceivedMessage(line: $0) }
        #expect(received == [try ReceivedMessage(.numbered(1)), try ReceivedMessage(.numbered(3))])
    }
}
