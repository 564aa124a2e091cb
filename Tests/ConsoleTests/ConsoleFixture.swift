import Contract
import Forwarder
import Foundation
import Logging
import Runtime
import Secrets
import Store
import Synchronization

@testable import Console

/// A console over an empty spool, whose commands are noted instead of carried out.
final class ConsoleFixture: Sendable {
    final class Commands: ForwarderCommands {
        let given = Mutex<[(command: ControlCommand, actor: String)]>([])

        func perform(_ command: ControlCommand, actor: String) async throws(ControlFailure) -> ControlResult {
            given.withLock { $0.append((command, actor)) }
            if case .resume("nowhere") = command { throw ControlFailure(.unknownDestination, "no such destination") }
            return ControlResult(destinations: ["d"], events: 3, bytes: 30)
        }

        func status() async -> [DeliveryStatus] { [DeliveryStatus(name: "d", isPaused: true, pauseReason: "a reason")] }
    }

    static let secret = "diagnostics"
    static let token = "an-admin-token-of-length"
    let commands = Commands()
    let endpoints: OperationsEndpoints
    private let directory: String

    init(secret: String? = ConsoleFixture.secret, token: String? = ConsoleFixture.token) throws {
        directory = NSTemporaryDirectory() + "console-tests-\(UUID().uuidString)"
        let layout = SpoolLayout(root: directory)
        try layout.create()
        let parts = ForwarderParts(
            layout: layout, commands: commands, latest: LatestFigures(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let access = OperatorAccess(
            diagnosticsSecret: secret.map { Secret($0) }, adminToken: token.map { Secret($0) })
        let console = try Console(parts: parts, access: access, monotonic: { 1 })
        endpoints = OperationsEndpoints(
            registry: PrometheusRegistry(), readiness: { [] }, routes: console.additions.routes)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func get(_ path: String, _ headers: [String: String] = [:]) async -> OperationsResponse {
        let parts = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return await endpoints.respond(
            to: OperationsRequest(
                method: "GET", path: "/console/" + parts[0], query: OperationsQuery(parts.count > 1 ? parts[1] : ""),
                headers: Self.headers(headers), peer: "192.0.2.1"))
    }

    /// As the console's own page sends it, unless `headers` say otherwise.
    func post(_ path: String, _ body: String, _ headers: [String: String] = [:]) async -> OperationsResponse {
        let own = [
            "content-type": "application/json", "origin": "http://gateway:10086", "x-gateway-proof": "none",
        ]
        return await endpoints.respond(
            to: OperationsRequest(
                method: "POST", path: "/console/api/" + path, headers: Self.headers(own.merging(headers) { $1 }),
                peer: "192.0.2.1", body: OperationsBody(Array(body.utf8))))
    }

    /// A browser that has signed in.
    func signedIn() async throws -> [String: String] {
        try Self.headers(of: await post("sign-in", #"{"secret":"\#(Self.secret)"}"#))
    }

    /// A browser whose user has given the admin token.
    func acting(_ name: String = "Ann") async throws -> [String: String] {
        try Self.headers(
            of: await post("allow", #"{"name":"\#(name)","token":"\#(Self.token)"}"#, try await signedIn()))
    }

    struct NoSession: Error {
        let answer: String
    }

    private static func headers(of answer: OperationsResponse) throws -> [String: String] {
        guard answer.status == 200, let cookie = answer.headers["Set-Cookie"]?.split(separator: ";").first,
            let proof = try JSONValue.read(answer.body)["proof"]?.text
        else { throw NoSession(answer: answer.text) }
        return ["cookie": "other=1; \(cookie)", "x-gateway-proof": proof]
    }

    private static func headers(_ headers: [String: String]) -> OperationsHeaders {
        OperationsHeaders(
            ["host": "gateway:10086"].merging(headers) { $1 }.filter { !$0.value.isEmpty }.map { ($0, $1) })
    }
}
