internal import Foundation

/// What the file destination has written.
struct DeliveredFiles: Sendable {
    let directory: String

    /// Every delivered message, in the order of files and lines. For a forwarder that is stopped: only then no line is
    /// half written.
    func messages() throws -> [DeliveredMessage] {
        var messages: [DeliveredMessage] = []
        for name in try names() {
            let content = try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)"))
            for line in content.split(separator: UInt8(ascii: "\n")) { messages.append(try DeliveredMessage(line)) }
        }
        return messages
    }

    /// Files that are not finished.
    func unfinished() throws -> [String] { try names().filter { $0.hasSuffix(".part") } }

    private func names() throws -> [String] {
        guard FileManager.default.fileExists(atPath: directory) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            .filter { $0.hasSuffix(".ndjson") || $0.hasSuffix(".part") }
    }
}

/// One delivered message.
struct DeliveredMessage {
    let id: String
    let event: NSDictionary
    let metadata: NSDictionary
    let attributes: [String: String]
    /// The message as it was written.
    let data: Data

    /// Parses one line of the file destination.
    init(_ line: Data) throws {
        guard let json = try JSONSerialization.jsonObject(with: line) as? [String: Any],
            let data = json["data"] as? [String: Any], let attributes = json["attributes"] as? [String: String]
        else { throw HarnessError("not a delivered message: \(String(decoding: line, as: UTF8.self))") }
        try self.init(data: data, attributes: attributes, bytes: line)
    }

    /// Takes a message and its attributes apart.
    init(data: [String: Any], attributes: [String: String], bytes: Data) throws {
        guard let event = data["event"] as? [String: Any], let metadata = data["metadata"] as? [String: Any] else {
            throw HarnessError("no event or no metadata: \(String(decoding: bytes, as: UTF8.self))")
        }
        id = event["id"] as? String ?? ""
        self.event = event as NSDictionary
        self.metadata = metadata as NSDictionary
        self.attributes = attributes
        self.data = bytes
    }

    /// The request id of the stream that sent it.
    var requestID: String? { metadata["requestId"] as? String }
}
