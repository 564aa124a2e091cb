import Foundation
import Secrets
import TestSupport
import Testing
import Transfer

@testable import Forwarder

/// Tokens for Google: signed with a key file, or from a metadata server.
@Suite(.timeLimit(.minutes(1))) struct GoogleCredentialsTests {
    private static let start: Int64 = 1_800_000_000_000_000_000

    private let directory: TemporaryDirectory
    private let now = Changeable<Int64>(GoogleCredentialsTests.start)

    init() throws { directory = try TemporaryDirectory() }

    private var keyPath: String { "\(directory.path)/key.json" }

    private func advance(seconds: Int64) { now.value += seconds * 1_000_000_000 }

    private func credentials(
        _ source: GoogleCredentials.Source? = nil, exchange: HTTPExchange? = nil
    ) -> GoogleCredentials {
        let now = now
        let nothing: HTTPExchange = { request throws(TransferError) in
            Issue.record("\(request) was sent")
            throw TransferError(reason: .shutDown, message: "nothing is sent")
        }
        return GoogleCredentials(
            source: source ?? .keyFile(keyPath), exchange: exchange ?? nothing, wallClock: { now.value },
            monotonicClock: { now.value })
    }

    @Test func aKeySignsItsOwnTokens() async throws {
        try ServiceAccountFile.first.replace(keyPath)
        let token = try await credentials().token()
        let (header, claims) = try #require(try ServiceAccountFile.first.claims(of: token.value.value))
        #expect(header as? [String: String] == ["alg": "RS256", "typ": "JWT", "kid": "key-1"])
        #expect(claims["iss"] as? String == "gateway@project.iam.gserviceaccount.com")
        #expect(claims["sub"] as? String == "gateway@project.iam.gserviceaccount.com")
        #expect(claims["aud"] as? String == "https://pubsub.googleapis.com/")
        #expect(claims["iat"] as? Int == 1_800_000_000)
        #expect(claims["exp"] as? Int == 1_800_003_600)
        #expect("\(token)".contains(token.value.value) == false)
    }

    @Test func aTokenIsRenewedAtFourFifthsOfItsLife() async throws {
        try ServiceAccountFile.first.replace(keyPath)
        let credentials = credentials()
        let first = try await credentials.token()
        advance(seconds: 2879)
        #expect(try await credentials.token().number == first.number)
        advance(seconds: 1)
        #expect(try await credentials.token().number != first.number)
    }

    @Test func aNewKeyIsUsedWithoutARestart() async throws {
        try ServiceAccountFile.first.replace(keyPath)
        let credentials = credentials()
        _ = try await credentials.token()
        try ServiceAccountFile.second.replace(keyPath)
        let token = try await credentials.token()
        #expect(try ServiceAccountFile.second.claims(of: token.value.value) != nil)
    }

    @Test func aBrokenKeyCostsNothingWhileTheOldTokenLives() async throws {
        try ServiceAccountFile.first.replace(keyPath)
        let credentials = credentials()
        let first = try await credentials.token()
        try FileManager.default.removeItem(atPath: keyPath)
        try directory.write("-----BEGIN PRIVATE KEY-----", to: "key.json")
        advance(seconds: 3599)
        #expect(try await credentials.token().number == first.number)
        advance(seconds: 11)
        let error = await #expect(throws: DeliveryError.self) { try await credentials.token() }
        #expect(error?.code == .unauthenticated)
        #expect(error?.scope == .destination)
        #expect(error?.message.contains(keyPath) == true)
        #expect(error?.message.contains("GOOGLE_APPLICATION_CREDENTIALS") == true)
        #expect(error?.message.contains("PRIVATE KEY") == false)
        try ServiceAccountFile.second.replace(keyPath)
        #expect(try ServiceAccountFile.second.claims(of: await credentials.token().value.value) != nil)
    }

    @Test(arguments: [
        ("type", "authorized_user", "authorized_user"), ("type", "SECRET", "unknown"), ("type", nil, "type"),
        ("client_email", nil, "client_email"), ("private_key", nil, "private_key"),
        ("private_key", "SECRET", "private_key"),
        ("private_key", "-----BEGIN PRIVATE KEY-----\nSECRET\n-----END PRIVATE KEY-----\n", "private_key"),
    ])
    func whatIsNoKeyIsRefusedAtTheStart(_ name: String, _ value: String?, _ named: String) throws {
        var file = ServiceAccountFile.first
        file.fields[name] = value
        try file.replace(keyPath)
        let path = keyPath
        let error = #expect(throws: DestinationConfigurationError.self) { try GoogleCredentials.check(keyFile: path) }
        #expect(error?.code == .unusableCredentials)
        #expect(error?.message.contains(named) == true)
        #expect(error?.message.contains("SECRET") == false)
        let stored = try #require(ServiceAccountFile.first.fields["private_key"])
        #expect(error?.message.contains(stored.prefix(60)) == false)
    }

    @Test func aMissingOrUselessFileIsRefusedAtTheStart() throws {
        for content in [nil, "", "[]", "SECRET"] {
            if let content { try directory.write(content, to: "other.json") }
            let path = "\(directory.path)/other.json"
            let error = #expect(throws: DestinationConfigurationError.self) {
                try GoogleCredentials.check(keyFile: path)
            }
            #expect(error?.message.contains(path) == true)
            #expect(error?.message.contains("SECRET") == false)
        }
    }

    @Test func theMetadataServerIsAskedAsItWants() async throws {
        let server = try HTTPTestServer { _ in
            .init(
                200, headers: ["Metadata-Flavor": "Google"],
                body: #"{"access_token":"token-one","expires_in":1000,"token_type":"Bearer"}"#)
        }
        let transfers = try CurlTransfers()
        let credentials = credentials(
            .metadataServer(server.host),
            exchange: { request throws(TransferError) in try await transfers.execute(request) })
        #expect(try await credentials.token().value.value == "token-one")
        advance(seconds: 799)
        _ = try await credentials.token()
        #expect(server.requests.values.count == 1)
        advance(seconds: 1)
        _ = try await credentials.token()
        let requests = server.requests.values
        #expect(requests.count == 2)
        #expect(
            requests[0].line
                == "GET /computeMetadata/v1/instance/service-accounts/default/token HTTP/1.1")
        #expect(requests[0].headers["metadata-flavor"] == "Google")
        await credentials.shutdown()
        await transfers.shutdown()
    }

    @Test(
        arguments: [
            (404, ["metadata-flavor": "Google"], "", DeliveryError.Code.notFound),
            (400, ["metadata-flavor": "Google"], "", .invalid),
            (503, ["metadata-flavor": "Google"], "", .unavailable),
            (200, [:], #"{"access_token":"SECRET","expires_in":1000}"#, .unauthenticated),
            (200, ["metadata-flavor": "Google"], #"{"access_token":"SECRET"}"#, .unauthenticated),
            (200, ["metadata-flavor": "Google"], #"{"access_token":"SECRET\n","expires_in":1000}"#, .unauthenticated),
            (200, ["metadata-flavor": "Google"], #"{"access_token":"SECRET","expires_in":0}"#, .unauthenticated),
            (200, ["metadata-flavor": "Google"], "<html>SECRET", .unauthenticated),
        ] as [(Int, [String: String], String, DeliveryError.Code)])
    func noEventIsToBlameForTheMetadataServer(
        _ status: Int, _ headers: [String: String], _ body: String, _ code: DeliveryError.Code
    ) async throws {
        let credentials = credentials(
            .metadataServer("metadata.test"),
            exchange: { _ throws(TransferError) in
                HTTPTransferResponse(status: status, headers: headers, body: Array(body.utf8))
            })
        let error = await #expect(throws: DeliveryError.self) { try await credentials.token() }
        #expect(error?.code == code)
        #expect(error?.scope == .destination)
        #expect(error?.message.contains("GOOGLE_APPLICATION_CREDENTIALS") == true)
        #expect(error?.message.contains("SECRET") == false)
    }
}
