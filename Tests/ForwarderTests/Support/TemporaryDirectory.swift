import Foundation
import TestSupport

/// A directory of its own, removed with the value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "forwarder-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Names of files that are not hidden, sorted.
    func files() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }.sorted()
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")), as: UTF8.self)
    }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
    }

    /// All lines of all finished files, in the order of the file names.
    func finishedLines() throws -> [Substring] {
        try files().filter { $0.hasSuffix(".ndjson") || $0.hasSuffix(".ndjson.gz") }
            .flatMap { name in
                let content = try bytes(name)
                let text = String(decoding: name.hasSuffix(".gz") ? try Gzip.expanded(content) : content, as: UTF8.self)
                return text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            }
    }
}
