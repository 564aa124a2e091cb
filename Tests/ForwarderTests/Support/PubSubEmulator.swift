import Forwarder
import Foundation
import TestSupport
import Testing
import Transfer

/// The real Pub/Sub emulator: the one of `PUBSUB_EMULATOR_HOST`, or one started here with `gcloud`.
final class PubSubEmulator: Sendable {
    /// HOST:PORT.
    let host: String

    private let processGroup: pid_t?
    private let transfers: CurlTransfers

    struct Failed: Error {
        let text: String
    }

    static var isAvailable: Bool { configuredHost != nil || gcloud != nil }

    static let whyNot: Comment = "neither PUBSUB_EMULATOR_HOST nor gcloud on the PATH: the Pub/Sub emulator is missing"

    /// Set for the tests of a suite with the `.pubSubEmulator` trait.
    @TaskLocal static var current: PubSubEmulator?

    private static let configuredHost = ProcessInfo.processInfo.environment["PUBSUB_EMULATOR_HOST"]

    private static let gcloud: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/gcloud" }.first { access($0, X_OK) == 0 }

    // A port that was free may be taken before the emulator binds it.
    private static let attempts = 5

    static func start() async throws -> PubSubEmulator {
        let transfers = try CurlTransfers()
        if let configuredHost {
            return PubSubEmulator(host: configuredHost, processGroup: nil, transfers: transfers)
        }
        guard let gcloud else { throw Failed(text: "no emulator") }
        var output = ""
        for _ in 0..<attempts {
            let port = try ScriptedServer.closedPort()
            let (process, pipe) = try spawn(gcloud, port: port)
            let (isReady, text) = await waitUntilReady(pipe)
            if isReady {
                return PubSubEmulator(host: "127.0.0.1:\(port)", processGroup: process, transfers: transfers)
            }
            end(process)
            output = text
        }
        throw Failed(text: "the emulator does not start: \(output)")
    }

    private init(host: String, processGroup: pid_t?, transfers: CurlTransfers) {
        self.host = host
        self.processGroup = processGroup
        self.transfers = transfers
    }

    func stop() async {
        await transfers.shutdown()
        if let processGroup { Self.end(processGroup) }
    }

    func createTopic(project: String, topic: String, subscription: String) async throws {
        _ = try await call(.put, "projects/\(project)/topics/\(topic)", [:])
        _ = try await call(
            .put, "projects/\(project)/subscriptions/\(subscription)",
            ["topic": "projects/\(project)/topics/\(topic)", "ackDeadlineSeconds": 600])
    }

    /// Pulls until `expected` messages have come, and once more, so that unexpected ones are seen too.
    func pull(project: String, subscription: String, expecting expected: Int) async throws -> [ReceivedMessage] {
        let path = "projects/\(project)/subscriptions/\(subscription)"
        var messages: [ReceivedMessage] = []
        var isLast = false
        while true {
            let answer = try await call(.post, "\(path):pull", ["maxMessages": 1000, "returnImmediately": isLast])
            let received = answer["receivedMessages"] as? [[String: Any]] ?? []
            if !received.isEmpty {
                let identifiers = received.compactMap { $0["ackId"] as? String }
                _ = try await call(.post, "\(path):acknowledge", ["ackIds": identifiers])
            }
            for item in received {
                let message = item["message"] as? [String: Any] ?? [:]
                let data = Data(base64Encoded: message["data"] as? String ?? "") ?? Data()
                let attributes = message["attributes"] as? [String: String] ?? [:]
                messages.append(try ReceivedMessage(data: data, attributes: attributes))
            }
            if isLast { return messages }
            isLast = messages.count >= expected
        }
    }

    private func call(
        _ method: HTTPTransferRequest.Method, _ path: String, _ body: [String: Any]
    ) async throws -> [String: Any] {
        let request = HTTPTransferRequest(
            url: "http://\(host)/v1/\(path)", method: method, security: .plaintextHTTP1,
            headers: [.init("content-type", "application/json")],
            body: Array(try JSONSerialization.data(withJSONObject: body)), maximumResponseBytes: 64 << 20)
        let response = try await transfers.execute(request)
        guard response.status == 200 else {
            throw Failed(text: "\(path): HTTP \(response.status): \(String(decoding: response.body, as: UTF8.self))")
        }
        return try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any] ?? [:]
    }

    /// In a process group of its own, because gcloud starts java and does not end it.
    private static func spawn(_ gcloud: String, port: UInt16) throws -> (pid_t, Int32) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw Failed(text: "no pipe") }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
        posix_spawn_file_actions_adddup2(&actions, ends[1], 2)
        posix_spawn_file_actions_addclose(&actions, ends[0])
        posix_spawn_file_actions_addclose(&actions, ends[1])
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        let words = [
            gcloud, "beta", "emulators", "pubsub", "start", "--project=test", "--host-port=127.0.0.1:\(port)",
            "--quiet",
        ]
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let code = posix_spawn(&process, gcloud, &actions, &attributes, &arguments, environ)
        close(ends[1])
        guard code == 0 else {
            close(ends[0])
            throw Failed(text: "\(gcloud): \(String(cString: strerror(code)))")
        }
        return (process, ends[0])
    }

    /// Reads the output on a thread of its own, to its end, so that the emulator never blocks on a full pipe.
    private static func waitUntilReady(_ pipe: Int32) async -> (Bool, String) {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var text = ""
                var isReady = false
                var chunk = [UInt8](repeating: 0, count: 4096)
                while true {
                    let count = read(pipe, &chunk, chunk.count)
                    guard count > 0 else { break }
                    guard !isReady else { continue }
                    text += String(decoding: chunk[..<count], as: UTF8.self)
                    if text.contains("Server started, listening on") {
                        isReady = true
                        continuation.resume(returning: (true, text))
                    }
                }
                close(pipe)
                if !isReady { continuation.resume(returning: (false, text)) }
            }
        }
    }

    private static func end(_ processGroup: pid_t) {
        kill(-processGroup, SIGKILL)
        var status: Int32 = 0
        waitpid(processGroup, &status, 0)
    }
}

/// Starts the emulator once for a suite and ends it afterwards.
struct PubSubEmulatorTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let emulator = try await PubSubEmulator.start()
        do {
            try await PubSubEmulator.$current.withValue(emulator) { try await function() }
        } catch {
            await emulator.stop()
            throw error
        }
        await emulator.stop()
    }
}

extension Trait where Self == PubSubEmulatorTrait {
    static var pubSubEmulator: Self { Self() }
}
