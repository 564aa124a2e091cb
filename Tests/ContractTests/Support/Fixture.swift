internal import Foundation
internal import Testing

/// Files beside the tests.
enum Fixture {
    /// The bytes of a file in `Vectors`.
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return [UInt8](try Data(contentsOf: folder.appending(path: "Vectors").appending(path: name)))
    }
}

/// One line of `events.ndjson`.
struct EventVector: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let source: String
    let wire: Data
    let verdict: String
    let reason: String?
    let event: JSONValue?
    let attributes: [String: String]?

    var testDescription: String { name }

    static func all() throws -> [EventVector] {
        let decoder = JSONDecoder()
        return try Fixture.bytes("events.ndjson").split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(EventVector.self, from: Data($0))
        }
    }
}
