import Crypto
import Foundation
import TestSupport
import Testing
import Transfer

@testable import Forwarder

/// What a receiver of HTTP requests gets, and what becomes of its answers.
@Suite(.timeLimit(.minutes(1))) struct WebhookDestinationTests {
    private let directory: TemporaryDirectory
    private let transfers: CurlTransfers

    init() throws {
        directory = try TemporaryDirectory()
        transfers = try CurlTransfers()
    }

    private func destination(
        _ server: HTTPTestServer, _ change: (inout WebhookSettings) -> Void = { _ in }
    ) throws -> WebhookDestination {
        var settings = WebhookSettings()
        settings.wallClock = { 1_800_000_000_999_999_999 }
        change(&settings)
        let url = try PeerURL("http://\(server.host)/hook/", allowInsecure: false, adviceOnPlaintext: "")
        return WebhookDestination(url: url, exchange: transfers.exchange, settings: settings)
    }

    private func finish(_ destination: WebhookDestination) async {
        await destination.shutdown()
        await transfers.shutdown()
    }

    @Test(arguments: [200, 201, 202, 204, 299])
    func linesArePosted(_ status: Int) async throws {
        let server = try HTTPTestServer { _ in .init(status) }
        let destination = try destination(server)
        let receipt = try await destination.deliver(DeliveryRequest([.numbered(1), .numbered(2)]))
        let request = try #require(server.requests.values.first)
        #expect(request.line == "POST /hook/ HTTP/1.1")
        #expect(request.headers["content-type"] == "application/x-ndjson")
        #expect(request.headers["content-encoding"] == nil)
        #expect(request.headers["authorization"] == nil)
        #expect(request.headers["x-gateway-signature"] == nil)
        #expect(request.body.count == receipt.bytes)
        #expect(request.body.last == UInt8(ascii: "\n"))
        let lines = String(decoding: request.body, as: UTF8.self).split(separator: "\n")
        #expect(
            try lines.map { try ReceivedMessage(line: $0) }
                == [.numbered(1), .numbered(2)].map { try ReceivedMessage($0) })
        await finish(destination)
    }

    @Test func requestsAreSignedWithTheSecretOfTheFile() async throws {
        let server = try HTTPTestServer { _ in .init(200) }
        try directory.write("the secret\n", to: "secret")
        let destination = try destination(server) { $0.secretFile = directory.path + "/secret" }
        _ = try await destination.deliver(DeliveryRequest([.numbered(1)]))
        try directory.write("another secret", to: "secret")
        _ = try await destination.deliver(DeliveryRequest([.numbered(1)]))
        for (request, secret) in zip(server.requests.values, ["the secret", "another secret"]) {
            #expect(request.headers["x-gateway-timestamp"] == "1800000000")
            let signed = Data("1800000000.".utf8) + request.body
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: Data(secret.utf8)))
            let hexadecimal = code.map { String(format: "%02x", $0) }.joined()
            #expect(request.headers["x-gateway-signature"] == "sha256=\(hexadecimal)")
        }
        #expect(server.requests.values.count == 2)
        await finish(destination)
    }

    @Test func whatIsSignedIsWhatIsSent() async throws {
        let server = try HTTPTestServer { _ in .init(200) }
        try directory.write("s", to: "secret")
        let destination = try destination(server) {
            $0.secretFile = directory.path + "/secret"
            $0.compression = .gzip
        }
        let messages = TestMessage.awkward() + (0..<100).map { TestMessage.numbered($0) }
        let receipt = try await destination.deliver(DeliveryRequest(messages))
        let request = try #require(server.requests.values.first)
        #expect(request.headers["content-encoding"] == "gzip")
        let signed = Data("1800000000.".utf8) + request.body
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: Data("s".utf8)))
        #expect(request.headers["x-gateway-signature"] == "sha256=" + code.map { String(format: "%02x", $0) }.joined())
        let body = try Gzip.expanded(request.body)
        #expect(body.count == receipt.bytes)
        let lines = String(decoding: body, as: UTF8.self).split(separator: "\n")
        #expect(try lines.map { try ReceivedMessage(line: $0) } == messages.map { try ReceivedMessage($0) })
        await finish(destination)
    }

    @Test func theTokenIsReadAgainWhenItChanges() async throws {
        let server = try HTTPTestServer { _ in .init(200) }
        try directory.write("token-1\n", to: "token")
        let destination = try destination(server) { $0.tokenFile = directory.path + "/token" }
        _ = try await destination.deliver(DeliveryRequest([.numbered(1)]))
        try directory.write("token-two\n", to: "token")
        _ = try await destination.deliver(DeliveryRequest([.numbered(2)]))
        #expect(server.requests.values.map { $0.headers["authorization"] } == ["Bearer token-1", "Bearer token-two"])
        // Replaced, and empty for a moment: nothing is sent without.
        try directory.write("\n", to: "token")
        let error = await #expect(throws: DeliveryError.self) {
            try await destination.deliver(DeliveryRequest([.numbered(3)]))
        }
        #expect(error?.scope == .destination)
        #expect(error?.isRetriable == true)
        #expect(error?.message.contains("GATEWAY_WEBHOOK_TOKEN_FILE") == true)
        #expect(server.requests.values.count == 2)
        await finish(destination)
    }

    @Test func aRefusedTokenGetsOneMoreTryWhenThereIsAnother() async throws {
        let path = directory.path + "/token"
        try directory.write("token-1", to: "token")
        let rotates = Changeable(true)
        let server = try HTTPTestServer { request in
            guard request.headers["authorization"] == "Bearer token-1" else { return .init(200) }
            // The new token arrives while the old one is under way.
            if rotates.value { try? Data("token-two".utf8).write(to: URL(fileURLWithPath: path)) }
            return .init(401)
        }
        let destination = try destination(server) { $0.tokenFile = path }
        _ = try await destination.deliver(DeliveryRequest([.numbered(1)]))
        #expect(server.requests.values.count == 2)
        rotates.value = false
        try directory.write("token-1", to: "token")
        let error = await #expect(throws: DeliveryError.self) {
            try await destination.deliver(DeliveryRequest([.numbered(2)]))
        }
        #expect(server.requests.values.count == 3)
        #expect(error?.code == .unauthenticated)
        #expect(error?.message.contains("token-1") == false)
        await finish(destination)
    }

    @Test(
        arguments: [
            (400, [:], .invalid, .batch, nil), (413, [:], .invalid, .batch, nil), (422, [:], .invalid, .batch, nil),
            (301, ["Location": "http://127.0.0.1:1/"], .misconfigured, .destination, nil),
            (401, [:], .unauthenticated, .destination, nil), (404, [:], .notFound, .destination, nil),
            (429, ["Retry-After": "7"], .quota, .destination, 7), (500, [:], .unavailable, .destination, nil),
            (503, ["Retry-After": "86400"], .unavailable, .destination, 600),
        ] as [(Int, [String: String], DeliveryError.Code, DeliveryError.Scope, Int?)])
    func answersAreFailuresByTheTable(
        _ status: Int, _ headers: [String: String], _ code: DeliveryError.Code, _ scope: DeliveryError.Scope,
        _ seconds: Int?
    ) async throws {
        let server = try HTTPTestServer { _ in .init(status, headers: headers, body: "no") }
        let destination = try destination(server)
        let error = await #expect(throws: DeliveryError.self) {
            try await destination.deliver(DeliveryRequest([.numbered(1)]))
        }
        #expect(error?.code == code)
        #expect(error?.scope == scope)
        #expect(error?.retryAfter == seconds.map { .seconds($0) })
        #expect(server.requests.values.count == 1)
        await finish(destination)
    }

    @Test func nobodyListening() async throws {
        let url = try PeerURL(
            "http://127.0.0.1:\(ScriptedServer.closedPort())", allowInsecure: false, adviceOnPlaintext: "")
        let destination = WebhookDestination(url: url, exchange: transfers.exchange)
        let error = await #expect(throws: DeliveryError.self) {
            try await destination.deliver(DeliveryRequest([.numbered(1)]))
        }
        #expect(error?.code == .connect)
        #expect(error?.scope == .destination)
        await finish(destination)
    }
}
