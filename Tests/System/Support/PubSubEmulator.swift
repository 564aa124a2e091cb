internal import Foundation
internal import FoundationNetworking

/// The real Pub/Sub emulator, started with `gcloud`, or a running one named by `PUBSUB_EMULATOR_HOST`.
final class PubSubEmulator {
    /// HOST:PORT.
    let host: String

    private let process: ManagedProcess?

    static let configuredHost = ProcessInfo.processInfo.environment["PUBSUB_EMULATOR_HOST"]

    static let gcloud: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/gcloud" }.first { access($0, X_OK) == 0 }

    /// Starts an emulator, or takes the one that runs.
    /// - Parameter port: where to start it; nil for any free port.
    init(in workspace: Workspace, port: Int? = nil) async throws {
        if let configured = Self.configuredHost {
            (host, process) = (configured, nil)
            return
        }
        guard let gcloud = Self.gcloud else { throw HarnessError("no emulator") }
        let chosen = try port ?? Self.freePort()
        host = "127.0.0.1:\(chosen)"
        // In a process group of its own, because gcloud starts java and does not end it.
        process = try workspace.start(
            "emulator", gcloud,
            ["beta", "emulators", "pubsub", "start", "--project=test", "--host-port=\(host)", "--quiet"], [:],
            group: true)
        try await eventually("the emulator answers", within: .seconds(90)) { [self] in
            (try? await call("GET", "projects/test/topics")) != nil
        }
    }

    var port: Int? { host.split(separator: ":").last.flatMap { Int($0) } }

    /// Ends it; everything that it held is gone. Nothing happens to one that was running already.
    func stop() async throws { try await process?.destroy() }

    func create(topic: String, subscription: String) async throws {
        _ = try await call("PUT", "projects/test/topics/\(topic)", [:])
        _ = try await call(
            "PUT", "projects/test/subscriptions/\(subscription)",
            ["topic": "projects/test/topics/\(topic)", "ackDeadlineSeconds": 600])
    }

    func remove(topic: String, subscription: String) async throws {
        _ = try await call("DELETE", "projects/test/subscriptions/\(subscription)")
        _ = try await call("DELETE", "projects/test/topics/\(topic)")
    }

    /// Pulls until `expected` messages have come, and once more, so that unexpected ones are seen too.
    func pull(subscription: String, expecting expected: Int) async throws -> [DeliveredMessage] {
        let path = "projects/test/subscriptions/\(subscription)"
        var messages: [DeliveredMessage] = []
        let end = ContinuousClock.now + .seconds(120)
        while true {
            let isLast = messages.count >= expected
            let answer = try await call("POST", "\(path):pull", ["maxMessages": 1000, "returnImmediately": isLast])
            let received = answer["receivedMessages"] as? [[String: Any]] ?? []
            for item in received { messages.append(try Self.message(item)) }
            if !received.isEmpty {
                let identifiers = received.compactMap { $0["ackId"] as? String }
                _ = try await call("POST", "\(path):acknowledge", ["ackIds": identifiers])
            }
            if isLast { return messages }
            guard ContinuousClock.now < end else {
                throw HarnessError("\(messages.count) of \(expected) messages have come")
            }
        }
    }

    private static func message(_ item: [String: Any]) throws -> DeliveredMessage {
        let message = item["message"] as? [String: Any] ?? [:]
        let bytes = Data(base64Encoded: message["data"] as? String ?? "") ?? Data()
        guard let data = try JSONSerialization.jsonObject(with: bytes) as? [String: Any] else {
            throw HarnessError("a message that is no object")
        }
        return try DeliveredMessage(
            data: data, attributes: message["attributes"] as? [String: String] ?? [:], bytes: bytes)
    }

    private func call(_ method: String, _ path: String, _ body: [String: Any]? = nil) async throws -> [String: Any] {
        guard let url = URL(string: "http://\(host)/v1/\(path)") else { throw HarnessError("no URL: \(path)") }
        var request = URLRequest(url: url, timeoutInterval: 60)
        request.httpMethod = method
        if let body {
            request.setValue("application/json", forHTTPHeaderField: "content-type")
            request.httpBody = try JSONSerialization.data(withJSONObject: body)
        }
        let (data, response) = try await URLSession.shared.data(for: request)
        guard (response as? HTTPURLResponse)?.statusCode == 200 else {
            throw HarnessError("\(method) \(path): \(String(decoding: data, as: UTF8.self))")
        }
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, length) == 0 ? getsockname(descriptor, pointer, &length) : -1
            }
        }
        guard code == 0 else { throw HarnessError("no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
