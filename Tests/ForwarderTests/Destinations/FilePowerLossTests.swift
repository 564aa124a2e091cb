import Foundation
import TestSupport
import Testing

@testable import Forwarder

/// After a power loss at any moment, what counted as delivered is in the files, and nothing that is no line of theirs.
@Suite(.timeLimit(.minutes(2))) struct FilePowerLossTests {
    @Test(arguments: Array(1...12) as [UInt64], [Compression.none, .gzip])
    func whatWasSyncedIsThereAndNothingElseIsTorn(_ seed: UInt64, _ compression: Compression) throws {
        var generator = SeededGenerator(seed: seed)
        let directory = try TemporaryDirectory()
        let files = UnsyncedFiles()
        var settings = FileDestinationSettings()
        settings.compression = compression
        settings.calls = files.calls
        settings.fileBytes = 20_000
        // However slow the machine is: no file is finished for its age.
        settings.fileAge = .seconds(86_400)
        var writer = DeliveryFileWriter(
            directory: try DeliveryDirectory(path: directory.path), settings: settings)
        var appended: Set<String> = []
        var pending: [String] = []
        var delivered: Set<String> = []
        for step in 0..<60 {
            switch generator.below(4) {
            case 0, 1:
                let line = "\(step) " + String(repeating: "x", count: generator.below(4000))
                appended.insert(line)
                pending.append(line)
                try writer.append(Array((line + "\n").utf8))
            case 2:
                try writer.synchronize()
                delivered.formUnion(pending)
                pending = []
            default:
                let left = try files.lose(directory, using: &generator)
                _ = try DeliveryDirectory(path: left.path).repair()
                let lines = Set(try left.finishedLines().map(String.init))
                #expect(lines.isSuperset(of: delivered), "seed \(seed), step \(step): delivered and lost")
                #expect(appended.isSuperset(of: lines), "seed \(seed), step \(step): torn or invented")
                #expect(try left.files().allSatisfy { !$0.hasSuffix(".part") })
            }
        }
        #expect(!delivered.isEmpty)
    }
}
