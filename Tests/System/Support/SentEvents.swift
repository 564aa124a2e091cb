internal import Foundation
internal import Testing

/// What the scripts of Tests/Clients say must be delivered: written with protobuf's own JSON, not with the product's code.
struct SentEvents {
    private struct Expectation {
        let event: NSDictionary
        let attributes: [String: String]
    }

    private var expectations: [String: Expectation] = [:]

    /// Reads what the scripts of a test have left.
    init(_ workspace: Workspace) throws {
        let lines = try Data(contentsOf: URL(fileURLWithPath: workspace.directory + "/sent.ndjson"))
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            guard let json = try JSONSerialization.jsonObject(with: line) as? [String: Any],
                let id = json["id"] as? String, let event = json["event"] as? [String: Any],
                let attributes = json["attributes"] as? [String: String]
            else { throw HarnessError("not an expectation: \(String(decoding: line, as: UTF8.self))") }
            expectations[id] = Expectation(event: event as NSDictionary, attributes: attributes)
        }
    }

    /// How many there are.
    var count: Int { expectations.count }

    /// Everything acknowledged is there, as it was sent, and nothing else than what was sent.
    /// - Returns: how many messages came more than once.
    func check(
        _ messages: [DeliveredMessage], acknowledged: [String], source: String = "unlicensed_instance"
    ) -> Int {
        var (seen, repeated) = (Set<String>(), 0)
        var (changed, unknown): ([String], [String]) = ([], [])
        for message in messages {
            if !seen.insert(message.id).inserted { repeated += 1 }
            guard let expected = expectations[message.id] else {
                unknown.append(message.id)
                continue
            }
            let attributes = expected.attributes.merging(["publisher.source": source]) { $1 }
            if message.event != expected.event || message.attributes != attributes { changed.append(message.id) }
        }
        let lost = acknowledged.filter { !seen.contains($0) }
        #expect(lost.isEmpty, "\(lost.count) acknowledged events are lost, the first: \(lost.prefix(3))")
        #expect(changed.isEmpty, "\(changed.count) messages are not as sent, the first: \(changed.prefix(3))")
        #expect(unknown.isEmpty, "\(unknown.count) messages were never sent, the first: \(unknown.prefix(3))")
        return repeated
    }
}
