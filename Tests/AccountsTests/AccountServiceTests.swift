import GRPCCore
import GRPCNIOTransportHTTP2Posix
import Logging
import Secrets
import SwiftProtobuf
import TestSupport
import Testing
import Transfer

@testable import Accounts

/// Over real sockets, with libcurl on our side.
@Suite(.timeLimit(.minutes(1))) struct AccountServiceTests {
    private static let ownTokenAnswer = #"{"access_token":"own-1","token_type":"bearer","expires_in":3600}"#

    @Test func aTokenIsAskedAboutOverGRPC() async throws {
        let oauth = try ScriptedServer(.bytes(Self.http(Self.ownTokenAnswer)))
        let calls = Recorder<(authorization: [String], token: String)>()
        try await AccountService.serve { request, authorization in
            calls.record((authorization, request.token))
            return .with {
                $0.active = request.token != "revoked"
                $0.scopes = ["telemetry_gateway::events::write"]
                $0.clientID = "client-over-sockets"
                $0.expiresAt.seconds = 4_000_000_000
            }
        } _: { port in
            let transfers = try CurlTransfers()
            let verifier = try Self.verifier(
                .sams(apiURL: Self.url(port), tokenURL: Self.url(Int(oauth.port)).appending("/oauth/token")), transfers)
            let token = try await verifier.verify(authorization: ["Bearer good"])
            #expect(token.clientID == "client-over-sockets")
            _ = try await verifier.verify(authorization: ["Bearer good"])
            await #expect(throws: TokenProblem.inactive) {
                try await verifier.verify(authorization: ["Bearer revoked"])
            }
            await verifier.shutdown()
            await transfers.shutdown()
        }
        #expect(calls.values.map(\.token) == ["good", "revoked"])
        #expect(calls.values.map(\.authorization) == [["Bearer own-1"], ["Bearer own-1"]])
        var heads = oauth.requests.makeAsyncIterator()
        let head = try #require(await heads.next(isolation: nil))
        #expect(head.hasPrefix("POST /oauth/token HTTP/1.1\r\n"))
        #expect(head.contains("authorization: Basic "))
    }

    @Test func aGRPCErrorIsNoAnswer() async throws {
        let oauth = try ScriptedServer(.bytes(Self.http(Self.ownTokenAnswer)))
        try await AccountService.serve { _, _ in
            throw RPCError(code: .unavailable, message: "later")
        } _: { port in
            let transfers = try CurlTransfers()
            let verifier = try Self.verifier(
                .sams(apiURL: Self.url(port), tokenURL: Self.url(Int(oauth.port)).appending("/oauth/token")), transfers)
            await #expect(throws: TokenProblem.unverifiable) { try await verifier.verify(authorization: ["Bearer x"]) }
            await verifier.shutdown()
            await transfers.shutdown()
        }
    }

    @Test func aTokenIsAskedAboutAsRFC7662Says() async throws {
        let answer = #"{"active":true,"scope":"a telemetry_gateway::events::write","client_id":"c","exp":4000000000}"#
        let server = try ScriptedServer(.bytes(Self.http(answer)))
        let transfers = try CurlTransfers()
        let verifier = try Self.verifier(.rfc7662(Self.url(Int(server.port)).appending("/introspect")), transfers)
        let token = try await verifier.verify(authorization: ["bearer x"])
        #expect(token.clientID == "c")
        var heads = server.requests.makeAsyncIterator()
        #expect(await heads.next(isolation: nil)?.hasPrefix("POST /introspect HTTP/1.1\r\n") == true)
        await verifier.shutdown()
        await transfers.shutdown()
    }

    @Test func silenceEndsAtTheTimeout() async throws {
        let server = try ScriptedServer(.silence)
        let transfers = try CurlTransfers()
        var limits = AccountsLimits()
        limits.introspectionTimeout = 200_000_000
        let verifier = try Self.verifier(
            .rfc7662(Self.url(Int(server.port)).appending("/introspect")), transfers, limits: limits)
        await #expect(throws: TokenProblem.unverifiable) { try await verifier.verify(authorization: ["bearer x"]) }
        await verifier.shutdown()
        await transfers.shutdown()
    }

    @Test func nobodyThereIsNoAnswer() async throws {
        let transfers = try CurlTransfers()
        let closed = try Self.url(Int(ScriptedServer.closedPort()))
        let verifier = try Self.verifier(.sams(apiURL: closed, tokenURL: closed.appending("/oauth/token")), transfers)
        await #expect(throws: TokenProblem.unverifiable) { try await verifier.verify(authorization: ["bearer x"]) }
        await verifier.shutdown()
        await transfers.shutdown()
    }

    @Test func shutdownTakesWhatIsUnderWayAway() async throws {
        let server = try ScriptedServer(.silence)
        let transfers = try CurlTransfers()
        let verifier = try Self.verifier(.rfc7662(Self.url(Int(server.port)).appending("/introspect")), transfers)
        async let problem = #expect(throws: TokenProblem.unverifiable) {
            try await verifier.verify(authorization: ["bearer x"])
        }
        var heads = server.requests.makeAsyncIterator()
        _ = await heads.next(isolation: nil)
        await verifier.shutdown()
        #expect(await problem == .unverifiable)
        await transfers.shutdown()
    }

    private static func url(_ port: Int) throws -> AccountURL {
        try AccountURL("http://127.0.0.1:\(port)", allowInsecure: false)
    }

    private static func http(_ json: String) -> String {
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(json.utf8.count)\r\n\r\n\(json)"
    }

    private static func verifier(
        _ introspection: AccountsConfiguration.Introspection, _ transfers: CurlTransfers,
        limits: AccountsLimits = AccountsLimits()
    ) throws -> TokenVerifier {
        TokenVerifier(
            configuration: AccountsConfiguration(
                credentials: ClientCredentials(id: "gateway", secret: Secret("secret")), introspection: introspection),
            exchange: { request async throws(TransferError) in try await transfers.execute(request) },
            limits: limits, logger: LogCollector.logger(Recorder()))
    }
}
