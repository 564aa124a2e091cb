import Foundation

/// A message as a destination gave it back, in a form that compares by JSON value.
struct ReceivedMessage: Hashable, Sendable, Comparable {
    /// JSON with sorted keys.
    let data: String
    let attributes: [String: String]

    struct Malformed: Error {
        let text: String
    }

    init(data: Data, attributes: [String: String]) throws {
        self.data = try Self.canonical(JSONSerialization.jsonObject(with: data))
        self.attributes = attributes
    }

    init(_ message: TestMessage) throws {
        try self.init(data: Data(message.data.utf8), attributes: message.attributes)
    }

    /// From a line of a delivery file.
    init(line: Substring) throws {
        let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
        guard let object = value as? [String: Any], object.count == 2, let data = object["data"],
            let attributes = object["attributes"] as? [String: String]
        else { throw Malformed(text: String(line)) }
        self.data = try Self.canonical(data)
        self.attributes = attributes
    }

    static func < (left: ReceivedMessage, right: ReceivedMessage) -> Bool { left.data < right.data }

    private static func canonical(_ value: Any) throws -> String {
        let data = try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed])
        return String(decoding: data, as: UTF8.self)
    }
}
